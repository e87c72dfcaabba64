import Events

/// What an experiment has shown so far: sums, metrics and differences to the first arm, with what limits the trust in them.
///
/// Undefined numbers are `nil`, such as the CTR of an arm without impressions. Differences are arm − control; relative ones
/// are shares of the control's value.
public struct ExperimentReport: Codable, Sendable, Equatable {
  public let experiment: String
  public let version: Int
  public let unit: Experiment.Unit
  public let status: Experiment.Status
  /// Times of the first and last impression that counted.
  public let from: Milliseconds?
  public let through: Milliseconds?
  public let confidence: Double
  /// The control first.
  public let arms: [ArmSummary]
  public let sampleRatio: SampleRatio?
  /// Each metric of each arm but the control.
  public let comparisons: [Comparison]
  /// Differences of single days, ascending by day.
  public let days: [DayEffect]
  /// Units seen in more than one arm, which count in none.
  public let crossedUnitCount: Int
  /// Impressions of arms that the configuration doesn't have, by name; they don't count.
  public let strayImpressionCounts: [String: Int]
  /// What a reader must know before believing a number, and what the numbers say, in words; the most important first.
  public let notes: [String]

  /// The sums and metrics of one arm.
  public struct ArmSummary: Codable, Sendable, Equatable {
    public let name: String
    public let weight: Double
    public let unitCount: Int
    public let impressionCount: Int
    public let clickCount: Int
    public let revenue: Double
    public let conversionValue: Double
    public let metrics: [Estimate]
  }

  /// A metric of one arm.
  public struct Estimate: Codable, Sendable, Equatable {
    public let metric: Metric
    public let value: Double?
    public let interval: Interval?
    /// Where money of one unit was cut off.
    public let cap: Double?
  }

  /// Whether the units reached the arms in the planned proportions.
  public struct SampleRatio: Codable, Sendable, Equatable {
    public let statistic: Double
    public let pValue: Double
    /// The p-value is below ``ReportOptions/sampleRatioAlpha``: don't read the results.
    public let isMismatch: Bool
  }
}
