import Statistics

/// The range of values that the data don't rule out.
public struct Interval: Codable, Sendable, Equatable {
  public let low: Double
  public let high: Double

  public init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  init(_ interval: ConfidenceInterval) {
    self.init(low: interval.low, high: interval.high)
  }

  init(center: Double, halfWidth: Double) {
    self.init(low: center - halfWidth, high: center + halfWidth)
  }
}
