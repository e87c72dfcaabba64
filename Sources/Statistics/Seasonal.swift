import RealModule

/// A series against its own past at the same phase; hourly data has a period of 168, the same hour last week.
public enum Seasonal {
  /// A value against the median of its past periods.
  public struct Ratio: Sendable, Equatable {
    public let baseline: Double
    /// `nil` at a baseline of 0.
    public let ratio: Double?
    /// `nil` unless the ratio is above 0.
    public let logRatio: Double?
  }

  /// Fewer residuals than this say nothing.
  public static let residualCountMin = 8

  /// The median of series[t − j·period], j = 1…periods, as far as the series goes back. `nil` when it doesn't at all.
  public static func baseline(_ series: [Double], at t: Int, period: Int, periods: Int) -> Double? {
    guard series.indices.contains(t), period >= 1, periods >= 1 else { return nil }
    return RobustZ.median(stride(from: t, through: 0, by: -period).dropFirst().prefix(periods).map { series[$0] })
  }

  /// `nil` without a baseline, for t outside the series, NaN and infinite values.
  public static func ratio(_ series: [Double], at t: Int, period: Int, periods: Int) -> Ratio? {
    guard series.allFinite, let baseline = baseline(series, at: t, period: period, periods: periods) else { return nil }
    let ratio = baseline == 0 ? nil : series[t] / baseline
    return Ratio(baseline: baseline, ratio: ratio, logRatio: ratio.flatMap { $0 > 0 ? Double.log($0) : nil })
  }

  /// The residual ln((x + offset)/(baseline + offset)) at t and its ``RobustZ`` among the residuals of the `window` values
  /// before; those without a baseline or a logarithm don't count.
  ///
  /// `nil` without a residual at t, with fewer than ``residualCountMin`` before it, for NaN and infinite values.
  public static func z(
    _ series: [Double], at t: Int, period: Int, periods: Int, window: Int, offset: Double
  ) -> (residual: Double, z: RobustZ)? {
    func residual(_ u: Int) -> Double? {
      guard let baseline = baseline(series, at: u, period: period, periods: periods) else { return nil }
      let (value, reference) = (series[u] + offset, baseline + offset)
      return value > 0 && reference > 0 ? Double.log(value / reference).ifFinite : nil
    }
    guard series.allFinite, offset.isFinite, window > 0, let current = residual(t) else { return nil }
    let past = (max(0, t - window)..<t).compactMap(residual)
    guard past.count >= residualCountMin, let z = RobustZ(current, in: past) else { return nil }
    return (current, z)
  }
}
