import Events
import Foundation
import GRDB
import Statistics

/// Finds arms that break a guardrail, by a test that may be repeated at any time without firing more often for it.
///
/// Of an arm and a metric the statistic is d = R_arm − (1 ∓ harm_max) · R_control, the distance from the worst that is
/// allowed, with the standard error of the delta method over users. The arm is in breach when an always-valid interval
/// around d (normal mixture, Robbins 1970; see ``AlwaysValid``) lies on the bad side of 0 as a whole. All guardrails and arms
/// of an experiment share its alpha (Bonferroni), so with sound arms it is stopped at any time with probability alpha at
/// most. Memory doesn't depend on the number of users.
public struct GuardrailCheck: Sendable {
  /// Probability with which an experiment without harm is ever stopped.
  public var alpha = 0.05
  /// Users with a denominator that both arms need before a metric is looked at.
  public var userCountMin = 100
  /// Users of both arms together at which the test is most sensitive.
  public var tuningUserCount = 10_000.0

  /// Users of both arms with a numerator, below which sums aren't about normal.
  static let activeUserCountMin = 100

  public init() {}

  /// The worst breach of each arm that isn't stopped yet; none for experiments by request, whose units aren't users.
  public func breaches(
    of experiment: Experiment, metrics: [MetricDefinition], in database: Database
  ) throws -> [GuardrailBreach] {
    guard experiment.unit == .user, !metrics.isEmpty else { return [] }
    let sums = try ArmSums(experiment, metrics: metrics, in: database)
    let rivals = experiment.arms.indices.dropFirst().filter { !experiment.arms[$0].isStopped }
    let share = alpha / Double(max(rivals.count * metrics.count, 1))
    return rivals.compactMap { arm in
      let found = metrics.indices.compactMap { metric in
        breach(
          metrics[metric], control: sums.cells[0][metric], treatment: sums.cells[arm][metric],
          arm: experiment.arms[arm].name, alpha: share)
      }
      return found.max { $0.margin < $1.margin }?.breach
    }
  }

  private func breach(
    _ metric: MetricDefinition, control: ArmSums.Cell, treatment: ArmSums.Cell, arm: String, alpha: Double
  ) -> (breach: GuardrailBreach, margin: Double)? {
    guard let harmMax = metric.harmMax, control.userCount >= userCountMin, treatment.userCount >= userCountMin,
      control.activeUserCount + treatment.activeUserCount >= Self.activeUserCountMin,
      let before = RatioMetric(control.moments), let after = RatioMetric(treatment.moments)
    else { return nil }
    let sign = metric.direction == .up ? 1.0 : -1.0
    // How far the arm is on the right side of the worst that is allowed.
    let allowed = before.ratio - sign * harmMax * before.ratio.magnitude
    let distance = sign * (after.ratio - allowed)
    let factor = 1 - sign * harmMax * (before.ratio < 0 ? -1 : 1)
    let error =
      (after.standardError * after.standardError + factor * factor * before.standardError * before.standardError)
      .squareRoot()
    let total = Double(before.count + after.count)
    guard let width = halfWidth(error: error, total: total, alpha: alpha), distance + width < 0 else { return nil }
    let breach = GuardrailBreach(
      arm: arm, metric: metric.name, control: before.ratio, treatment: after.ratio, userCount: Int(total),
      harmMax: harmMax, alpha: alpha)
    return (breach, -distance / Swift.max(width, .leastNormalMagnitude))
  }

  /// 0 where no user differs from another: then nothing is left to chance.
  private func halfWidth(error: Double, total: Double, alpha: Double) -> Double? {
    guard error > 0 else { return 0 }
    guard let precision = AlwaysValid.precision(optimalTime: tuningUserCount, alpha: alpha) else { return nil }
    return AlwaysValid.look(
      difference: 0, standardError: error, mixingDeviation: error * (total / precision).squareRoot(), alpha: alpha)?
      .halfWidth
  }
}
