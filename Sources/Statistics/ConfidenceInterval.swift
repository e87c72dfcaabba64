/// A two-sided interval; the ends may be infinite when the confidence is 1.
public struct ConfidenceInterval: Sendable, Equatable {
  public let low: Double
  public let high: Double

  public init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  /// `center` ± `halfWidth`.
  public init(center: Double, halfWidth: Double) {
    self.init(low: center - halfWidth, high: center + halfWidth)
  }

  public func contains(_ value: Double) -> Bool { value >= low && value <= high }
}
