/// One arm against the control on one day, and through it: does an effect fade (novelty) or grow (learning)?
public struct DayEffect: Codable, Sendable, Equatable {
  /// UTC, as 2026-01-31.
  public let day: String
  public let arm: String
  /// Name of the metric.
  public let metric: String
  /// Units of the control and of the arm seen on the day.
  public let controlUnitCount: Int
  public let unitCount: Int
  /// Of what the units seen on the day did on it; no cap.
  public let difference: Double
  public let interval: Interval
  public let relativeDifference: Double?
  public let relativeInterval: Interval?
  /// All days so far: absolute.
  public let soFar: Comparison.Effect?
  /// All days so far, as shares of the control's value.
  public let soFarRelative: Comparison.Effect?
  /// The smallest always-valid p-value of all days so far; days with too few units don't count.
  public let alwaysValidPValue: Double
}
