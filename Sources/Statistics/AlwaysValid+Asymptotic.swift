/// Confidence sequences for means of independent values with estimated variance (Waudby-Smith et al., arXiv 2103.06476),
/// expressed by the one boundary: their ρ² is 1/``AlwaysValid/precision(optimalTime:alpha:)``.
extension AlwaysValid {
  /// A confidence sequence for one mean at its present size.
  public struct MeanSequence: Sendable, Equatable {
    /// ρ², the mixing variance.
    public let mixingVariance: Double
    public let halfWidth: Double
    public let interval: ConfidenceInterval
  }

  /// A confidence sequence for a difference of means, treatment − control.
  public struct DifferenceSequence: Sendable, Equatable {
    public let difference: Double
    public let halfWidth: Double
    public let interval: ConfidenceInterval
    public let pValue: Double
  }

  /// `nil` for no values, a negative variance, alpha outside (0, 1) and an optimal time (in values) that isn't above 0.
  public static func mean(_ sample: SampleSummary, alpha: Double, optimalTime: Double) -> MeanSequence? {
    guard sample.count >= 1, sample.variance >= 0, sample.variance.isFinite, sample.mean.isFinite,
      let precision = precision(optimalTime: optimalTime, alpha: alpha),
      let width = boundary(time: Double(sample.count), precision: precision, alpha: alpha)
    else { return nil }
    let half = sample.variance.squareRoot() * width / Double(sample.count)
    return MeanSequence(
      mixingVariance: 1 / precision, halfWidth: half,
      interval: ConfidenceInterval(center: sample.mean, halfWidth: half))
  }

  /// `nil` for fewer than two values in an arm, no variance in either, alpha outside (0, 1) and an optimal time (in values
  /// of both arms) that isn't above 0.
  public static func difference(
    control: SampleSummary, treatment: SampleSummary, alpha: Double, optimalTime: Double
  ) -> DifferenceSequence? {
    guard let square = meanDifferenceVariance(control, treatment) else { return nil }
    return difference(
      treatment.mean - control.mean, standardError: square.squareRoot(),
      count: Double(control.count) + Double(treatment.count), alpha: alpha, optimalTime: optimalTime)
  }

  /// The same for any estimate that is about normal, such as that of a ratio metric or of CUPED, from `count` values of both
  /// arms.
  ///
  /// `nil` for a standard error that isn't above 0, no values, alpha outside (0, 1) and a time that isn't above 0.
  public static func difference(
    _ difference: Double, standardError: Double, count: Double, alpha: Double, optimalTime: Double
  ) -> DifferenceSequence? {
    guard count > 0, let precision = precision(optimalTime: optimalTime, alpha: alpha) else { return nil }
    let mixing = standardError * (count / precision).squareRoot()
    guard
      let look = look(difference: difference, standardError: standardError, mixingDeviation: mixing, alpha: alpha)
    else { return nil }
    return DifferenceSequence(
      difference: difference, halfWidth: look.halfWidth,
      interval: ConfidenceInterval(center: difference, halfWidth: look.halfWidth), pValue: look.pValue)
  }
}
