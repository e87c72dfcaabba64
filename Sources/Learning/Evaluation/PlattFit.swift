import Ranking
import Statistics

/// Platt scaling by Newton's method: p ↦ σ(slope · logit(p) + intercept) with the least log loss.
public enum PlattFit {
  /// Fewer examples than this are no basis for a curve.
  public static let exampleCountMin = 1000
  /// Fewer clicks, or fewer examples without one, than this are no basis for a curve.
  public static let clickCountMin = 50
  /// Strength of the prior that holds the slope at 1 and the intercept at 0, in examples of log-odds 1.
  static let priorStrength = 10.0
  /// Slopes outside this range mean that something else is wrong.
  static let slopeRange = 0.2...5.0

  /// The curve for predictions and what happened; the identity when there is too little to fit it on, or no sane curve.
  ///
  /// Source: Platt 1999, with a Gaussian prior around the identity in place of smoothed labels.
  public static func calibration(labels: [Bool], predictions: [Double]) -> Calibration {
    let clicks = labels.count { $0 }
    guard labels.count >= exampleCountMin, clicks >= clickCountMin, labels.count - clicks >= clickCountMin else {
      return .identity
    }
    let logits = predictions.map {
      Logistic.logit(min(max($0, EvaluationReport.epsilon), 1 - EvaluationReport.epsilon))
    }
    var slope = 1.0
    var intercept = 0.0
    for _ in 0..<30 {
      let step = newtonStep(labels, logits, slope: slope, intercept: intercept)
      slope -= step.slope
      intercept -= step.intercept
      if abs(step.slope) + abs(step.intercept) < 1e-10 { break }
    }
    guard slopeRange.contains(slope), intercept.isFinite else { return .identity }
    return .platt(slope: slope, intercept: intercept)
  }

  /// Inverse Hessian times gradient of the penalised loss.
  private static func newtonStep(
    _ labels: [Bool], _ logits: [Double], slope: Double, intercept: Double
  ) -> (slope: Double, intercept: Double) {
    var gradient = (slope: priorStrength * (slope - 1), intercept: priorStrength * intercept)
    var hessian = (slope: priorStrength, both: 0.0, intercept: priorStrength)
    for (label, logit) in zip(labels, logits) {
      let sum = slope * logit + intercept
      let error = Logistic.slope(z: sum, label: label)
      let curvature = Logistic.sigmoid(sum) * Logistic.sigmoid(-sum)
      gradient.slope += error * logit
      gradient.intercept += error
      hessian.slope += curvature * logit * logit
      hessian.both += curvature * logit
      hessian.intercept += curvature
    }
    let determinant = hessian.slope * hessian.intercept - hessian.both * hessian.both
    return (
      (hessian.intercept * gradient.slope - hessian.both * gradient.intercept) / determinant,
      (hessian.slope * gradient.intercept - hessian.both * gradient.slope) / determinant
    )
  }
}

extension Calibration {
  /// The served probability of a model's own probability.
  func probability(_ probability: Double) -> Double { self.probability(logit: Logistic.logit(probability)) }
}
