/// What an arm does to a metric at once, what users learn from it, and what both make over a year.
///
/// Users who are shown bad ads learn to look past them and come back less, so the effect of an arm changes with the time
/// that users live with it (Hohnhold, O'Brien and Tang 2015). All numbers are relative changes against the control.
public struct LongTermEffect: Codable, Sendable, Equatable {
  public let arm: String
  /// Name of the metric.
  public let metric: String
  /// How what users learnt was measured.
  public let design: Design
  /// Days of the windows that are compared.
  public let windowDayCount: Int
  /// Mean days that users had lived with the arm when what they had learnt was measured.
  public let exposureDayCount: Double
  /// In each user's first days.
  public let shortTerm: Change
  public let learned: Change
  /// The mean over a year of 365 days: the effect of the first days, and what is learnt growing evenly over the days of
  /// exposure and staying so. What would be learnt beyond isn't guessed, so a trend is understated.
  public let year: Change
  /// The year's change of the sum of one user, for metrics by user; at the control's present level.
  public let yearPerUnit: Change?
  public let verdict: Comparison.Verdict

  public enum Design: String, Codable, Sendable {
    /// The effect in the last days of the experiment, less that in each user's first days.
    case cohort
    /// The difference between the arms' users after the experiment, when all get the same.
    case postPeriod
  }

  /// A change with its interval, valid when it is read once.
  public struct Change: Codable, Sendable, Equatable {
    public let value: Double
    public let interval: Interval
  }
}
