/// Size, mean and sample variance of one arm.
public struct SampleSummary: Sendable, Equatable {
  public let count: Int
  public let mean: Double
  public let variance: Double

  public init(count: Int, mean: Double, variance: Double) {
    self.count = count
    self.mean = mean
    self.variance = variance
  }

  /// `nil` for fewer than two values.
  public init?(_ moments: Moments) {
    guard let mean = moments.mean, let variance = moments.variance else { return nil }
    self.init(count: moments.count, mean: mean, variance: variance)
  }
}

/// Welch's t test of two means with unequal variances; differences are treatment − control.
///
/// Undefined (`nil`) for fewer than two values in an arm, no variance in either, a negative variance, NaN or infinite
/// input and a confidence outside [0, 1]. Source: Welch 1947.
public struct WelchTest: Sendable, Equatable {
  public let difference: Double
  public let standardError: Double
  public let t: Double
  public let degreesOfFreedom: Double
  /// Two-sided.
  public let pValue: Double
  public let interval: ConfidenceInterval

  public init?(control: [Double], treatment: [Double], confidence: Double) {
    self.init(control: Moments(control), treatment: Moments(treatment), confidence: confidence)
  }

  public init?(control: Moments, treatment: Moments, confidence: Double) {
    guard let a = SampleSummary(control), let b = SampleSummary(treatment) else { return nil }
    self.init(difference: treatment.difference(from: control), control: a, treatment: b, confidence: confidence)
  }

  public init?(control: SampleSummary, treatment: SampleSummary, confidence: Double) {
    self.init(
      difference: treatment.mean - control.mean, control: control, treatment: treatment, confidence: confidence)
  }

  /// The means of the summaries aren't read: `difference` may be more exact than theirs.
  init?(difference: Double, control a: SampleSummary, treatment b: SampleSummary, confidence: Double) {
    guard difference.isFinite, let square = meanDifferenceVariance(a, b), square > 0 else { return nil }
    let shareA = a.variance / Double(a.count) / square
    let shareB = b.variance / Double(b.count) / square
    let df = 1 / (shareA * shareA / Double(a.count - 1) + shareB * shareB / Double(b.count - 1))
    let t = difference / square.squareRoot()
    guard let pValue = StudentT.twoSidedPValue(t: t, degreesOfFreedom: df),
      let critical = StudentT.criticalValue(confidence: confidence, degreesOfFreedom: df)
    else { return nil }
    self.difference = difference
    standardError = square.squareRoot()
    self.t = t
    degreesOfFreedom = df
    self.pValue = pValue
    interval = ConfidenceInterval(center: difference, halfWidth: critical * standardError)
  }
}

/// v_a/n_a + v_b/n_b; `nil` for fewer than two values in an arm, a negative variance, NaN or infinite input.
func meanDifferenceVariance(_ a: SampleSummary, _ b: SampleSummary) -> Double? {
  guard a.count >= 2, b.count >= 2, [a.variance, b.variance].allCounts, a.mean.isFinite, b.mean.isFinite else {
    return nil
  }
  return (a.variance / Double(a.count) + b.variance / Double(b.count)).ifFinite
}
