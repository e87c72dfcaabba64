/// Limits of the gate: what a candidate must show before it may serve.
public struct GateConfiguration: Codable, Sendable, Equatable {
  /// Examples that a model must have learnt, provisional ones included.
  public var exampleCountMin = 100
  /// Live events in the health window below which the join isn't judged.
  public var joinEventCountMin = 500
  /// Share of clicks that must have found their impression.
  public var joinCoverageMin = 0.8
  /// Events of the log that may not be joined yet.
  public var joinLagEventCountMax = 100_000
  /// Share of the current model's examples that a candidate must have learnt, and share of the usual impressions that
  /// each hour must have.
  public var windowShareMin = 0.5
  /// Population stability index by which a feature may move, unless it moved as far before.
  public var featureShiftMax = 0.25
  /// Observed over expected clicks, relative to what was before, unless it varied as much before.
  public var clickRateRatioMin = 0.7
  public var clickRateRatioMax = 1.4
  /// Share of duplicates among events.
  public var duplicateRateMax = 0.5
  /// Examples below which the candidate isn't compared with the current model.
  public var comparisonExampleCountMin = 200
  /// Share of its log loss by which a candidate may be worse than a model that a person chose.
  public var inferiorityMax = 0.01
  /// Probability of refusing a candidate that is as good as the current model.
  public var significance = 0.01
  /// Clicks below which calibration isn't judged.
  public var calibrationClickCountMin = 100
  /// Predicted clicks an observed click.
  public var calibrationRatioMin = 0.7
  public var calibrationRatioMax = 1.4

  public init() {}
}
