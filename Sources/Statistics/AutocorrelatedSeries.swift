import RealModule

/// Means of series whose values aren't independent, such as hourly or daily metrics.
public enum AutocorrelatedSeries {
  /// The mean and its Newey–West standard error with Bartlett weights over `lags` lags; a negative radicand counts as 0.
  ///
  /// √(γ₀ + 2Σ(1 − l/(L + 1))γ_l)/n with γ_l = Σ e_t e_{t−l}. O(n·lags). `nil` for fewer than two values, lags outside
  /// 0..<n, NaN and infinite values. Source: Newey and West 1987.
  public static func neweyWestMean(_ series: [Double], lags: Int) -> (mean: Double, standardError: Double)? {
    guard series.count >= 2, (0..<series.count).contains(lags), series.allFinite else { return nil }
    let shift = NeumaierSum(series.lazy.map { $0 - series[0] }).value / Double(series.count)
    let e = series.map { ($0 - series[0]) - shift }
    func autocovariance(_ lag: Int) -> Double {
      NeumaierSum(zip(e.dropFirst(lag), e).lazy.map(*)).value
    }
    var sum = NeumaierSum()
    sum.add(autocovariance(0))
    for lag in 0..<lags {
      sum.add(2 * (1 - Double(lag + 1) / Double(lags + 1)) * autocovariance(lag + 1))
    }
    guard let mean = (series[0] + shift).ifFinite, let radicand = sum.value.ifFinite else { return nil }
    return (mean, max(0, radicand).squareRoot() / Double(series.count))
  }

  /// floor(4(n/100)^{2/9}); take 24 for hourly data.
  public static func defaultLags(count: Int) -> Int {
    Int((4 * Double.pow(Double(max(0, count)) / 100, 2 / 9)).rounded(.down))
  }

  /// ceil(n^{1/3}); take at least 24 for hourly data.
  public static func defaultBlock(count: Int) -> Int {
    Int(Double.root(Double(max(0, count)), 3).rounded(.up))
  }

  /// The circular block bootstrap of the mean: a replicate joins the blocks that begin at its `starts`, wraps round the end
  /// of the series and is cut to its length; the standard error is the sample deviation of the replicate means.
  ///
  /// `nil` for an empty series, fewer than two replicates, one shorter than the series, a block below 1, NaN and infinite
  /// values. Starts are positions modulo n. Source: Politis and Romano 1992.
  public static func blockBootstrapMean(
    _ series: [Double], block: Int, starts: [[Int]]
  ) -> (means: [Double], standardError: Double)? {
    let n = series.count
    guard n > 0, block >= 1, starts.count >= 2, series.allFinite,
      starts.allSatisfy({ $0.count >= (n - 1) / block + 1 })
    else { return nil }
    let means = starts.map { replicate in
      var sum = NeumaierSum()
      for position in 0..<n {
        let start = replicate[position / block] % n
        sum.add(series[(start + n + position % block % n) % n])
      }
      return sum.value / Double(n)
    }
    guard let variance = Moments(means).variance else { return nil }
    return (means, variance.squareRoot())
  }

  /// Random block starts for ``blockBootstrapMean(_:block:starts:)``. Empty when the series is or the block is below 1.
  public static func blockStarts(
    count: Int, block: Int, replicates: Int, using generator: inout SeededGenerator
  ) -> [[Int]] {
    guard count > 0, block >= 1, replicates > 0 else { return [] }
    return (0..<replicates).map { _ in
      (0...(count - 1) / block).map { _ in Int.random(in: 0..<count, using: &generator) }
    }
  }
}
