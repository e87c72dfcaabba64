import Events
import Foundation

/// A question put to a part of the traffic: what happens when these arms differ in their settings?
///
/// In its layer an experiment owns the positions from ``start`` up to `start + share`. Raising ``share`` (a ramp) therefore
/// only adds units, and which arm a unit is in never depends on the share. Changing weights or arms moves units: raise
/// ``version`` with it, which draws all arms anew, and set ``since``, so that a report doesn't mix the two.
public struct Experiment: Codable, Sendable, Equatable {
  /// Letters, digits, `_`, `-` and `.`, at most 40: it becomes a metric label.
  public var name: String
  /// Seed of the arms: another version is another independent draw.
  public var version: Int
  /// What is assigned, and what the analysis counts as one observation.
  public var unit: Unit
  /// Experiments of one layer share its positions, so nobody is in two of them; layers are independent.
  public var layer: String
  /// First position in the layer, in [0, 1).
  public var start: Double
  /// Share of the layer's positions, in [0, 1].
  public var share: Double
  public var status: Status
  /// Impressions before this time don't belong to the experiment; `nil` takes all that carry its name.
  public var since: Date?
  /// The first is the control that the others are compared with.
  public var arms: [Arm]

  public enum Unit: String, Codable, Sendable {
    /// A user is always in the same arm; requests without a user are in none.
    case user
    /// Each decision is drawn on its own.
    case request
  }

  public enum Status: String, Codable, Sendable {
    /// Nobody is assigned; arms may be forced, to check them.
    case draft
    case running
    /// Nobody is assigned; what was measured can still be reported.
    case stopped
  }

  public init(
    name: String, version: Int = 1, unit: Unit = .user, layer: String = "default", start: Double = 0, share: Double = 1,
    status: Status = .running, since: Date? = nil, arms: [Arm]
  ) {
    self.name = name
    self.version = version
    self.unit = unit
    self.layer = layer
    self.start = start
    self.share = share
    self.status = status
    self.since = since
    self.arms = arms
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, version, unit, layer, start, share, status, since, arms
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    self.init(
      name: try values.decode(String.self, forKey: .name),
      version: try values.decodeIfPresent(Int.self, forKey: .version) ?? 1,
      unit: try values.decodeIfPresent(Unit.self, forKey: .unit) ?? .user,
      layer: try values.decodeIfPresent(String.self, forKey: .layer) ?? "default",
      start: try values.decodeIfPresent(Double.self, forKey: .start) ?? 0,
      share: try values.decodeIfPresent(Double.self, forKey: .share) ?? 1,
      status: try values.decodeIfPresent(Status.self, forKey: .status) ?? .running,
      since: try values.decodeIfPresent(Date.self, forKey: .since),
      arms: try values.decode([Arm].self, forKey: .arms))
  }

  /// The arm called `name`.
  public func arm(_ name: String) -> Arm? {
    arms.first { $0.name == name }
  }

  /// Names of the settings that any arm changes.
  var changedSettings: Set<String> {
    arms.reduce(into: []) { $0.formUnion($1.changes.names) }
  }

  var sinceMilliseconds: Milliseconds? {
    since.map { Milliseconds(($0.timeIntervalSince1970 * 1000).rounded()) }
  }
}
