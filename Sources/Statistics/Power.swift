/// Sizes, power and detectable effects of experiments, by two-sided normal tests.
///
/// The far tail is ignored in sizes and kept in power. `nil` also when no finite whole number answers.
public enum Power {
  /// How many users each arm needs.
  public struct SampleSize: Sendable, Equatable {
    /// The first arm's, before rounding up.
    public let exact: Double
    public let first: Int
    public let second: Int

    /// `nil` when a count doesn't fit an Int.
    fileprivate init?(_ exact: Double, ratio: Double) {
      guard let first = Self.roundUp(exact), let second = Self.roundUp(exact * ratio) else { return nil }
      self.exact = exact
      self.first = first
      self.second = second
    }

    private static func roundUp(_ count: Double) -> Int? {
      Int(exactly: (count - 1e-9).rounded(.up))
    }
  }

  /// The smallest rise over a base share that a test of given size finds with the wanted power.
  public struct DetectableEffect: Sendable, Equatable {
    public let share: Double
    public let absolute: Double
    public let relative: Double
  }

  /// Sizes of a ratio metric's arms.
  public struct RatioSize: Sendable, Equatable {
    public let ratio: Double
    /// Standard deviation of the linearised metric per user.
    public let unitDeviation: Double
    public let size: SampleSize
  }

  /// [(z_{1−α/2}·s₀ + z_power·s₁)/(p₂ − p₁)]² users in the first arm and `ratio` times as many in the second.
  ///
  /// `nil` for equal shares, shares outside (0, 1), alpha or power outside [0, 1] and a ratio that isn't above 0.
  public static func sampleSize(
    firstShare p1: Double, secondShare p2: Double, alpha: Double, power: Double, ratio: Double = 1
  ) -> SampleSize? {
    guard isOpenShare(p1), isOpenShare(p2), p1 != p2, ratio > 0, ratio.isFinite,
      let test = Quantiles(alpha: alpha, power: power)
    else { return nil }
    let root = Deviations(p1, p2, ratio: ratio).weighted(test) / (p2 - p1)
    return SampleSize(root * root, ratio: ratio)
  }

  /// The probability that a test of these sizes finds the difference, in either direction.
  ///
  /// Equal shares give alpha. `nil` for shares outside (0, 1), alpha outside [0, 1] and sizes that aren't above 0.
  public static func power(
    firstShare p1: Double, secondShare p2: Double, firstCount n1: Double, secondCount n2: Double, alpha: Double
  ) -> Double? {
    guard isOpenShare(p1), isOpenShare(p2), n1 > 0, n2 > 0, n1.isFinite, n2.isFinite, alpha.isProbability,
      let z = NormalDistribution.upperQuantile(alpha / 2)
    else { return nil }
    let deviations = Deviations(p1, p2, ratio: n2 / n1)
    let effect = (p2 - p1).magnitude * n1.squareRoot()
    return NormalDistribution.tail((z * deviations.null - effect) / deviations.alternative)
      + NormalDistribution.tail((z * deviations.null + effect) / deviations.alternative)
  }

  /// The p₂ > p₁ whose sample size is the given one, by bisection. `nil` when even 1 isn't far enough away.
  public static func detectableEffect(
    firstShare p1: Double, firstCount n1: Double, secondCount n2: Double, alpha: Double, power: Double
  ) -> DetectableEffect? {
    guard isOpenShare(p1), n1 > 0, n2 > 0, n1.isFinite, n2.isFinite, let test = Quantiles(alpha: alpha, power: power)
    else { return nil }
    func isDetected(_ effect: Double) -> Bool {
      effect * n1.squareRoot() >= Deviations(p1, min(1, p1 + effect), ratio: n2 / n1).weighted(test).magnitude
    }
    var (low, high) = (0.0, 1 - p1)
    guard isDetected(high) else { return nil }
    while true {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { break }
      if isDetected(middle) { high = middle } else { low = middle }
    }
    return DetectableEffect(share: p1 + high, absolute: high, relative: high / p1)
  }

  /// (1 + 1/r)·((z_{1−α/2} + z_power)·deviation/effect)² users in the first arm and r = `ratio` times as many in the second.
  ///
  /// `nil` for no effect, a deviation or ratio that isn't above 0, alpha or power outside [0, 1].
  public static func sampleSize(
    deviation: Double, effect: Double, alpha: Double, power: Double, ratio: Double = 1
  ) -> SampleSize? {
    guard deviation > 0, deviation.isFinite, effect != 0, effect.isFinite, ratio > 0, ratio.isFinite,
      let test = Quantiles(alpha: alpha, power: power)
    else { return nil }
    let root = (test.critical + test.power) * (deviation / effect)
    return SampleSize((1 + 1 / ratio) * root * root, ratio: ratio)
  }

  /// 2(z_{1−α/2} + z_power)²u²/(R·relativeEffect)² users per arm, u² = (σx² − 2Rσxy + R²σy²)/μy² for R = μx/μy.
  ///
  /// `nil` for a denominator mean, ratio or effect of 0, u² ≤ 0, alpha or power outside [0, 1].
  public static func ratioSampleSize(
    numeratorMean: Double, denominatorMean: Double, numeratorVariance: Double, denominatorVariance: Double,
    covariance: Double, relativeEffect: Double, alpha: Double, power: Double
  ) -> RatioSize? {
    let ratio = numeratorMean / denominatorMean
    let residual = numeratorVariance - 2 * ratio * covariance + ratio * ratio * denominatorVariance
    guard denominatorMean != 0, ratio != 0, ratio.isFinite, [numeratorVariance, denominatorVariance].allCounts,
      residual > 0, residual.isFinite
    else { return nil }
    let deviation = residual.squareRoot() / denominatorMean.magnitude
    guard let size = sampleSize(deviation: deviation, effect: ratio * relativeEffect, alpha: alpha, power: power)
    else { return nil }
    return RatioSize(ratio: ratio, unitDeviation: deviation, size: size)
  }

  private static func isOpenShare(_ p: Double) -> Bool { p > 0 && p < 1 }
}

/// z_{1−α/2} and z_power.
private struct Quantiles {
  let critical: Double
  let power: Double

  init?(alpha: Double, power: Double) {
    guard alpha.isProbability, let critical = NormalDistribution.upperQuantile(alpha / 2),
      let z = NormalDistribution.quantile(power)
    else { return nil }
    self.critical = critical
    self.power = z
  }
}

/// Standard deviations of the difference of two shares, times √n₁.
private struct Deviations {
  /// Under no difference: the pooled share's.
  let null: Double
  let alternative: Double

  init(_ p1: Double, _ p2: Double, ratio: Double) {
    let pooled = (p1 + ratio * p2) / (1 + ratio)
    null = (pooled * (1 - pooled) * (1 + 1 / ratio)).squareRoot()
    alternative = (p1 * (1 - p1) + p2 * (1 - p2) / ratio).squareRoot()
  }

  func weighted(_ test: Quantiles) -> Double {
    test.critical * null + test.power * alternative
  }
}
