/// A comparison of means that first takes out what the same metric before the experiment explains.
///
/// θ = cov(Y, X)/var(X) over both arms joined, 0 when X is constant; Z = Y − θ(X − X̄); then Welch's test on Z.
/// X must be fixed before assignment. A user without a past has X = 0, in both arms alike. For a ratio metric use the
/// linearised values x − R_a·y as X and Y. Undefined (`nil`) where Welch's test is. Source: Deng et al. 2013.
public struct CUPED: Sendable, Equatable {
  public let theta: Double
  /// Adjusted means.
  public let controlMean: Double
  public let treatmentMean: Double
  public let test: WelchTest
  /// 1 − (se_Z/se_Y)², negative when X misleads. `nil` when Y doesn't vary within the arms.
  public let varianceReduction: Double?

  /// From mergeable moments of (x: before, y: during the experiment) per user.
  public init?(control: PairedMoments, treatment: PairedMoments, confidence: Double) {
    var joined = control
    joined.merge(treatment)
    let theta = joined.slope
    let shift = control.difference(from: joined)
    let difference = treatment.difference(from: control)
    let controlMean = control.meanY - theta * shift.x
    guard let a = SampleSummary(control, slope: theta), let b = SampleSummary(treatment, slope: theta),
      let test = WelchTest(
        difference: difference.y - theta * difference.x, control: a, treatment: b, confidence: confidence)
    else { return nil }
    self.theta = theta
    self.controlMean = controlMean
    treatmentMean = treatment.meanY - theta * treatment.difference(from: joined).x
    self.test = test
    varianceReduction = Self.varianceReduction(control, treatment, adjusted: test)
  }

  public init?(
    controlBefore: [Double], control: [Double], treatmentBefore: [Double], treatment: [Double], confidence: Double
  ) {
    guard let a = PairedMoments(x: controlBefore, y: control), let b = PairedMoments(x: treatmentBefore, y: treatment)
    else { return nil }
    self.init(control: a, treatment: b, confidence: confidence)
  }

  private static func varianceReduction(
    _ control: PairedMoments, _ treatment: PairedMoments, adjusted: WelchTest
  ) -> Double? {
    guard let a = SampleSummary(control, slope: 0), let b = SampleSummary(treatment, slope: 0),
      let plain = meanDifferenceVariance(a, b), plain > 0
    else { return nil }
    return 1 - adjusted.standardError * adjusted.standardError / plain
  }
}

extension SampleSummary {
  /// y − slope·x of one arm.
  fileprivate init?(_ moments: PairedMoments, slope: Double) {
    guard moments.count >= 2 else { return nil }
    let norm = moments.residualNorm(slope: slope)
    self.init(
      count: moments.count, mean: moments.meanY - slope * moments.meanX,
      variance: norm * norm / Double(moments.count - 1))
  }
}
