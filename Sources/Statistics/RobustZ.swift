/// A value's distance from the median of a window, in robust standard deviations.
public struct RobustZ: Sendable, Equatable {
  public let median: Double
  /// Median absolute deviation.
  public let mad: Double
  /// ±∞ when the window is constant and the value another.
  public let z: Double

  /// (value − median)/(1.4826·MAD); with a MAD of 0 the scale is √(π/2)·mean|v − median|. O(n log n).
  ///
  /// `nil` for an empty window, NaN and infinite values. Source: Iglewicz and Hoaglin 1993.
  public init?(_ value: Double, in window: [Double]) {
    guard value.isFinite, window.allFinite, let median = Self.median(window) else { return nil }
    let distances = window.map { ($0 - median).magnitude }
    guard let mad = Self.median(distances) else { return nil }
    let meanDistance = NeumaierSum(distances).value / Double(distances.count)
    let scale = mad > 0 ? 1.482602218505602 * mad : (Double.pi / 2).squareRoot() * meanDistance
    self.median = median
    self.mad = mad
    z = value == median ? 0 : (value - median) / scale
  }

  /// The middle value, or the mean of the middle two. `nil` for no values.
  public static func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
