/// What the whole analysis says of experiments whose arms differ in nothing: users of the store, with arms drawn anew each
/// time. A method that is right calls a share of alpha of them different, no more.
public struct AATest: Codable, Sendable, Equatable {
  public let runCount: Int
  /// Users and days of each experiment.
  public let userCount: Int
  public let dayCount: Int
  public let alpha: Double
  /// One for each metric that varies.
  public let metrics: [Outcome]
  /// Experiments whose split of users was called wrong, at ``ReportOptions/sampleRatioAlpha``, of all runs.
  public let sampleRatioAlarms: Rate
  /// What to conclude, in words.
  public let conclusion: String

  public struct Outcome: Codable, Sendable, Equatable {
    /// Name of the metric.
    public let metric: String
    /// Read once, at the end: should be alpha.
    public let fixedHorizon: Rate
    /// The same with what users did before taken out; `nil` without a past.
    public let withPast: Rate?
    /// Looked at after every day, and stopped at the first difference: at most alpha.
    public let alwaysValid: Rate
    /// How many p-values, read once, fell in each tenth of [0, 1]: all alike when the method is right.
    public let histogram: [Int]
    public let verdict: Verdict
  }

  /// A share of runs, with its 95 % interval (Wilson).
  public struct Rate: Codable, Sendable, Equatable {
    public let count: Int
    public let share: Double
    public let interval: Interval
  }

  public enum Verdict: String, Codable, Sendable {
    case right
    /// Calls too many experiments different: too few users for heavy tails, or users who hang together.
    case tooMany
    /// Calls too few different, so it misses real ones.
    case tooFew
  }
}
