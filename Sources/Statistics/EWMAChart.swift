import RealModule

/// An exponentially weighted moving average with time-varying control limits, one value at a time. Roberts 1959.
public struct EWMAChart: Sendable, Equatable {
  /// The average after a value, and the limits it is held against.
  public struct Point: Sendable, Equatable {
    public let average: Double
    public let limits: ConfidenceInterval
    /// Strictly outside the limits.
    public var isAlarm: Bool { !limits.contains(average) }
  }

  private let lambda: Double
  private let mean: Double
  private let limit: Double
  private var average: Double
  private var count = 0.0

  /// Limits lie `width` standard deviations of the average from `mean`. `nil` for lambda outside (0, 1], a negative
  /// `deviation` (that of a value), NaN and infinite input.
  public init?(lambda: Double, width: Double, mean: Double, deviation: Double) {
    guard lambda > 0, lambda <= 1, deviation >= 0, [width, mean, deviation].allFinite else { return nil }
    self.lambda = lambda
    self.mean = mean
    limit = width * deviation
    average = mean
  }

  /// E ← λx + (1 − λ)E; limits mean ± width·sd·√[λ/(2 − λ)·(1 − (1 − λ)^{2i})].
  public mutating func add(_ value: Double) -> Point {
    count += 1
    average = lambda * value + (1 - lambda) * average
    let settled = -Double.expMinusOne(2 * count * Double.log(onePlus: -lambda))
    let half = limit * (lambda / (2 - lambda) * settled).squareRoot()
    return Point(average: average, limits: ConfidenceInterval(center: mean, halfWidth: half))
  }
}
