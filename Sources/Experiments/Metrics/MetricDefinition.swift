/// What experiments are judged by: a ratio of two sums over users, as defined in `config/metrics.yaml`.
public struct MetricDefinition: Codable, Sendable, Hashable {
  /// Letters, digits, `_`, `-` and `.`, at most 40.
  public let name: String
  /// For people to read.
  public let title: String
  public let numerator: LinearForm
  public let denominator: LinearForm
  /// Of the ratio, for people to read, such as `%` or `currency`. A ratio in `%` is shown times 100.
  public let unit: String
  public let direction: Direction
  public let role: Role
  /// The relative change for the worse, against the control, beyond which an arm is stopped while its experiment runs;
  /// 0 is any change, `nil` never. A metric that is worse than the control by 0.05 has lost (or gained) 5 %.
  public let harmMax: Double?

  /// What is better.
  public enum Direction: String, Codable, Sendable {
    case up, down
  }

  public enum Role: String, Codable, Sendable {
    /// What experiments are for: the business metric.
    case goal
    /// Moves earlier than the goal, and is hoped to move with it.
    case proxy
    /// Must not get worse: has a ``MetricDefinition/harmMax``.
    case guardrail
    /// Only shown.
    case info
  }

  /// What a user adds to the numerator.
  public func numerator(_ sums: MetricSums) -> Double { numerator.value(sums) }

  /// What a user adds to the denominator.
  public func denominator(_ sums: MetricSums) -> Double { denominator.value(sums) }

  /// Whether one user can be worth so much that sums need a cap.
  public var isMoney: Bool { numerator.isMoney }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, title, numerator, denominator, unit, direction, role
    case harmMax = "harm_max"
  }

  public init(
    name: String, title: String, numerator: LinearForm, denominator: LinearForm, unit: String, direction: Direction,
    role: Role, harmMax: Double? = nil
  ) {
    self.name = name
    self.title = title
    self.numerator = numerator
    self.denominator = denominator
    self.unit = unit
    self.direction = direction
    self.role = role
    self.harmMax = harmMax
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    let name = try values.decode(String.self, forKey: .name)
    self.init(
      name: name, title: try values.decodeIfPresent(String.self, forKey: .title) ?? name,
      numerator: try values.decode(LinearForm.self, forKey: .numerator),
      denominator: try values.decode(LinearForm.self, forKey: .denominator),
      unit: try values.decodeIfPresent(String.self, forKey: .unit) ?? "",
      direction: try values.decode(Direction.self, forKey: .direction),
      role: try values.decode(Role.self, forKey: .role),
      harmMax: try values.decodeIfPresent(Double.self, forKey: .harmMax))
  }
}
