/// A factor of revenue hour by hour beside what was expected, over the hours of a report.
public struct FactorSeries: Sendable, Codable, Equatable {
  public let factor: RevenueFactor
  /// `nil` where nothing was counted.
  public let values: [Double?]
  /// As on the reference days, at the level of the forecast.
  public let expected: [Double?]
}
