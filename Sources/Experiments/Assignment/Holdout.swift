/// Users who are in no experiment at all, for good: against them the sum of all decisions can be measured.
///
/// It behaves as an experiment called ``name`` whose arms are `held` and `open`, so that it can be reported as one.
public struct Holdout: Codable, Sendable, Equatable {
  /// Share of users, in [0, 1]; at 0 there is no hold-out and nothing is recorded. Raising it only adds users.
  public var share: Double
  /// Another version holds out other users.
  public var version: Int

  /// The experiment name that stands for the hold-out and that no other may have.
  public static let name = "holdout"
  static let heldArm = "held"

  public init(share: Double = 0, version: Int = 1) {
    self.share = share
    self.version = version
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case share, version
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    share = try values.decodeIfPresent(Double.self, forKey: .share) ?? 0
    version = try values.decodeIfPresent(Int.self, forKey: .version) ?? 1
  }

  /// The hold-out as an experiment; `nil` when it holds nobody.
  public var experiment: Experiment? {
    guard share > 0 else { return nil }
    return Experiment(
      name: Self.name, version: version, layer: Self.name,
      arms: [Arm(name: Self.heldArm, weight: share), Arm(name: "open", weight: 1 - share)])
  }
}
