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
  /// First and last day with an impression that counted, UTC, as 2026-01-31.
  public let firstDay: String?
  public let lastDay: String?
  public let confidence: Double
  /// What the arms are compared by, the goal first.
  public let metrics: [MetricDefinition]
  /// The control first.
  public let arms: [ArmSummary]
  public let sampleRatio: SampleRatio?
  /// Each metric of each arm but the control.
  public let comparisons: [Comparison]
  /// By arm and metric: the effect at once, what users learn, and the year; empty in the first days.
  public let longTerm: [LongTermEffect]
  /// Differences of single days and of all days so far, ascending by day.
  public let days: [DayEffect]
  /// The same comparisons among parts of the units; their p-values are corrected together.
  public let segments: [Segment]
  /// Units seen in more than one arm, which count in none.
  public let crossedUnitCount: Int
  /// Impressions of arms that the configuration doesn't have, by name; they don't count.
  public let strayImpressionCounts: [String: Int]
  /// What a reader must know before believing a number, and what the numbers say, in words; the most important first.
  public internal(set) var notes: [String]

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
    /// Name of the metric.
    public let metric: String
    public let value: Double?
    public let interval: Interval?
    /// Where the numerator of one unit was cut off.
    public let cap: Double?
  }

  /// A part of the units that no arm can change.
  public struct Segment: Codable, Sendable, Equatable {
    /// A context field, or `past`: whether the unit was seen before the experiment.
    public let field: String
    public let value: String
    /// By arm.
    public let unitCounts: [Int]
    public let comparisons: [Comparison]
  }

  /// The definition of a metric by its name.
  func definition(_ name: String) -> MetricDefinition? {
    metrics.first { $0.name == name }
  }
}
