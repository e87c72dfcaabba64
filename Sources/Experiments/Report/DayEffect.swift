/// One arm against the control on one day: does an effect fade (novelty) or grow (learning)?
public struct DayEffect: Codable, Sendable, Equatable {
  /// UTC, as 2026-01-31.
  public let day: String
  public let arm: String
  public let metric: Metric
  /// Units of the control and of the arm seen on the day.
  public let controlUnitCount: Int
  public let unitCount: Int
  public let difference: Double
  public let interval: Interval
  public let relativeDifference: Double?
  public let relativeInterval: Interval?
  /// Of the day's units in all arms.
  public let sampleRatioPValue: Double?
}
