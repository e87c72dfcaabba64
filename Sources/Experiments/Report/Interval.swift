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

  static func * (interval: Interval, factor: Double) -> Interval {
    let ends = [interval.low * factor, interval.high * factor]
    return Interval(low: min(ends[0], ends[1]), high: max(ends[0], ends[1]))
  }

  /// Excludes 0 on the lower or the upper side.
  var isAbove0: Bool { low > 0 }
  var isBelow0: Bool { high < 0 }
}
