/// One of the alternatives of an experiment.
public struct Arm: Codable, Sendable, Equatable {
  public var name: String
  /// Share of the experiment's units in proportion to the weights of all arms, 0 or more; 0 gets nobody.
  public var weight: Double
  /// What is different in this arm.
  public var changes: ArmSettings
  /// The arm was taken out while its experiment goes on: its users stay where they are, but nothing changes for them and
  /// nothing is recorded.
  public var isStopped: Bool

  public init(name: String, weight: Double, changes: ArmSettings = ArmSettings(), isStopped: Bool = false) {
    self.name = name
    self.weight = weight
    self.changes = changes
    self.isStopped = isStopped
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, weight, changes
    case isStopped = "stopped"
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    name = try values.decode(String.self, forKey: .name)
    weight = try values.decodeIfPresent(Double.self, forKey: .weight) ?? 1
    changes = try values.decodeIfPresent(ArmSettings.self, forKey: .changes) ?? ArmSettings()
    isStopped = try values.decodeIfPresent(Bool.self, forKey: .isStopped) ?? false
  }
}
