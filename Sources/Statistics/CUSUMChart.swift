/// A two-sided cumulative sum chart, one value at a time; it isn't reset by an alarm. Page 1954.
public struct CUSUMChart: Sendable, Equatable {
  private let target: Double
  private let deviation: Double
  private let slack: Double
  private let threshold: Double
  /// S⁺ ← max(0, S⁺ + z − slack), z = (x − target)/sd.
  public private(set) var positive = 0.0
  /// S⁻ ← max(0, S⁻ − z − slack).
  public private(set) var negative = 0.0

  /// `slack` is half the shift to catch, `threshold` about 4 to 5, both in standard deviations. `nil` for a deviation that
  /// isn't above 0, NaN and infinite input.
  public init?(target: Double, deviation: Double, slack: Double, threshold: Double) {
    guard deviation > 0, [target, deviation, slack, threshold].allFinite else { return nil }
    self.target = target
    self.deviation = deviation
    self.slack = slack
    self.threshold = threshold
  }

  public mutating func add(_ value: Double) {
    let z = (value - target) / deviation
    positive = max(0, positive + z - slack)
    negative = max(0, negative - z - slack)
  }

  /// Whether the sum lies strictly above the threshold.
  public var isHigh: Bool { positive > threshold }
  public var isLow: Bool { negative > threshold }
}
