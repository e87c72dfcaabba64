/// Comparison of two shares, such as click rates with independent trials; differences are second − first.
///
/// Undefined (`nil`) for a trial count that isn't above 0, successes outside 0…trials and a confidence outside (0, 1).
public struct TwoProportionTest: Sendable, Equatable {
  public let difference: Double
  /// By the pooled variance; 0 when that is 0.
  public let z: Double
  /// Two-sided.
  public let pValue: Double
  /// By the unpooled variance; too short for small counts.
  public let wald: ConfidenceInterval
  /// Newcombe 1998, method 10, from the Wilson limits of each share: the one to show.
  public let newcombe: ConfidenceInterval

  public init?(
    firstSuccesses x1: Double, firstTrials n1: Double, secondSuccesses x2: Double, secondTrials n2: Double,
    confidence: Double
  ) {
    guard let first = Wilson.interval(successes: x1, trials: n1, confidence: confidence),
      let second = Wilson.interval(successes: x2, trials: n2, confidence: confidence),
      let critical = NormalDistribution.criticalValue(confidence: confidence)
    else { return nil }
    let (p1, p2) = (x1 / n1, x2 / n2)
    let pooled = (x1 + x2) / (n1 + n2) * (((n1 - x1) + (n2 - x2)) / (n1 + n2)) * (1 / n1 + 1 / n2)
    let unpooled = p1 * ((n1 - x1) / n1) / n1 + p2 * ((n2 - x2) / n2) / n2
    difference = p2 - p1
    z = pooled > 0 ? difference / pooled.squareRoot() : 0
    pValue = NormalDistribution.twoSidedPValue(z: z)
    wald = ConfidenceInterval(center: difference, halfWidth: critical * unpooled.squareRoot())
    let below = (p2 - second.low) * (p2 - second.low) + (first.high - p1) * (first.high - p1)
    let above = (second.high - p2) * (second.high - p2) + (p1 - first.low) * (p1 - first.low)
    newcombe = ConfidenceInterval(low: difference - below.squareRoot(), high: difference + above.squareRoot())
  }
}

/// The score interval of a share.
public enum Wilson {
  /// The Wilson interval, within [0, 1], exactly 0 or 1 at its end when there are no successes or only successes.
  ///
  /// `nil` for trials that aren't above 0, successes outside 0…trials and a confidence outside (0, 1). Wilson 1927.
  public static func interval(successes x: Double, trials n: Double, confidence: Double) -> ConfidenceInterval? {
    guard n > 0, n.isFinite, x >= 0, x <= n, confidence > 0, confidence < 1,
      let z = NormalDistribution.criticalValue(confidence: confidence)
    else { return nil }
    let p = x / n
    let square = z * z / n
    let half = (p * ((n - x) / n) * square + square * square / 4).squareRoot()
    let high = x == n ? 1 : min(1, (p + square / 2 + half) / (1 + square))
    // The product of the two ends is p²/(1 + z²/n), so the lower one needs no subtraction.
    let low = x == 0 ? 0 : min(p, p / (1 + square) * (p / high))
    return ConfidenceInterval(low: low, high: high)
  }
}
