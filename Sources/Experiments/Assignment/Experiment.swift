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
  /// When ``share`` or an arm was last changed by a step of its life; `nil` before the first. Split budgets are divided
  /// anew from then on.
  public var changed: Date?
  /// Each campaign's budget is divided as the users are, so that no arm can spend what another would have.
  public var splitsBudget: Bool
  /// The arm that was decided for; `nil` before.
  public var decision: String?
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
    status: Status = .running, since: Date? = nil, changed: Date? = nil, splitsBudget: Bool = false,
    decision: String? = nil, arms: [Arm]
  ) {
    self.name = name
    self.version = version
    self.unit = unit
    self.layer = layer
    self.start = start
    self.share = share
    self.status = status
    self.since = since
    self.changed = changed
    self.splitsBudget = splitsBudget
    self.decision = decision
    self.arms = arms
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, version, unit, layer, start, share, status, since, changed, decision, arms
    case splitsBudget = "splits_budget"
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
      changed: try values.decodeIfPresent(Date.self, forKey: .changed),
      splitsBudget: try values.decodeIfPresent(Bool.self, forKey: .splitsBudget) ?? false,
      decision: try values.decodeIfPresent(String.self, forKey: .decision),
      arms: try values.decode([Arm].self, forKey: .arms))
  }

  /// Times are written as ISO 8601, of whatever the encoder thinks best.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(name, forKey: .name)
    try values.encode(version, forKey: .version)
    try values.encode(unit, forKey: .unit)
    try values.encode(layer, forKey: .layer)
    try values.encode(start, forKey: .start)
    try values.encode(share, forKey: .share)
    try values.encode(status, forKey: .status)
    try values.encodeIfPresent(since.map(Self.text), forKey: .since)
    try values.encodeIfPresent(changed.map(Self.text), forKey: .changed)
    try values.encode(splitsBudget, forKey: .splitsBudget)
    try values.encodeIfPresent(decision, forKey: .decision)
    try values.encode(arms, forKey: .arms)
  }

  private static func text(_ time: Date) -> String {
    // The style cuts off what is below a millisecond.
    (time + 0.0005).formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
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
