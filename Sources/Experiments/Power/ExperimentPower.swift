/// How large and how long an experiment must be, from what the store's own users did.
///
/// Both the number of users and what one of them does grow with the days, so each metric has a curve over days: the users
/// that were seen by then, how many an arm would have needed with their variance, and the smallest change that could have
/// been found.
public struct ExperimentPower: Codable, Sendable, Equatable {
  public let unit: Experiment.Unit
  public let armCount: Int
  public let share: Double
  public let relativeEffect: Double
  public let alpha: Double
  public let power: Double
  /// Days of live traffic that were looked at.
  public let dayCount: Int
  /// One for each metric; those without any numerator have an empty curve.
  public let plans: [Plan]

  public struct Plan: Codable, Sendable, Equatable {
    public let metric: MetricDefinition
    /// The metric over all users and days.
    public let value: Double?
    /// Units that each arm needs, and the days until they come; `nil` when the store can't tell.
    public let unitsPerArm: Int?
    public let dayCount: Int?
    /// The days lie beyond the store's, at the rate at which new units came in its second half.
    public let isExtrapolated: Bool
    public let curve: [Point]
  }

  public struct Point: Codable, Sendable, Equatable {
    public let dayCount: Int
    /// Units seen up to then, of all traffic.
    public let unitCount: Int
    /// Standard deviation of the linearised metric of a unit.
    public let unitDeviation: Double
    public let unitsPerArmNeeded: Int
    /// The smallest relative change that the share of these units finds with the wanted power.
    public let detectableEffect: Double
  }
}
