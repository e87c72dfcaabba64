/// Pearson's chi-square test of counts against expected shares.
///
/// A category neither expected nor seen is dropped; one seen but not expected makes the statistic infinite and p 0.
/// Undefined (`nil`) for fewer than two categories kept, no observations, unequal lengths and negative values.
public struct GoodnessOfFit: Sendable, Equatable {
  public let statistic: Double
  /// Kept categories − 1.
  public let degreesOfFreedom: Int
  public let pValue: Double

  /// `expected` is brought to the total of `observed`.
  public init?(observed: [Double], expected: [Double]) {
    guard observed.count == expected.count, observed.allCounts, expected.allCounts else { return nil }
    let total = NeumaierSum(observed).value
    let expectedTotal = NeumaierSum(expected).value
    let kept = zip(observed, expected).filter { $0.0 > 0 || $0.1 > 0 }
    guard kept.count >= 2, total > 0, expectedTotal > 0, total.isFinite, expectedTotal.isFinite else { return nil }
    let terms = kept.lazy.map { count, share in
      let mean = total * (share / expectedTotal)
      return mean > 0 ? (count - mean) / mean * (count - mean) : .infinity
    }
    let statistic = NeumaierSum(terms).value
    self.statistic = statistic
    degreesOfFreedom = kept.count - 1
    pValue =
      statistic.isFinite
      ? ChiSquare.survival(statistic, degreesOfFreedom: Double(kept.count - 1)) ?? 0 : 0
  }
}

/// Sample ratio mismatch: whether users reached the arms in other proportions than planned.
///
/// With a mismatch the results of the experiment aren't read. Use a strict alpha, 0.0005 to 0.001. Fabijan et al. 2019.
public struct SampleRatioMismatch: Sendable, Equatable {
  public let test: GoodnessOfFit
  public let isMismatch: Bool

  /// `nil` where ``GoodnessOfFit`` is undefined, and for alpha outside [0, 1].
  public init?(counts: [Double], plannedWeights: [Double], alpha: Double) {
    guard alpha.isProbability, let test = GoodnessOfFit(observed: counts, expected: plannedWeights) else { return nil }
    self.test = test
    isMismatch = test.pValue < alpha
  }
}
