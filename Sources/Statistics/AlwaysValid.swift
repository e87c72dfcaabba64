import RealModule

/// Inference that stays valid however often one looks: one boundary, the normal mixture, serves every function here.
///
/// Sources: Robbins 1970; Johari et al. 2017; Howard et al. 2021; Waudby-Smith et al., arXiv 2103.06476. With an estimated
/// variance the guarantee is asymptotic: start looking after some hundreds of users per arm. The tuning (τ or the
/// optimal time) is fixed before the start.
public enum AlwaysValid {
  /// One look at a running comparison.
  public struct Look: Sendable, Equatable {
    /// ln Λ, the logarithm of the mixture likelihood ratio.
    public let logLikelihoodRatio: Double
    /// min(1, 1/Λ).
    public let pValue: Double
    /// Whether Λ ≥ 1/alpha.
    public let rejects: Bool
    /// Of the confidence sequence around the observed difference.
    public let halfWidth: Double
  }

  /// The mixture sequential probability ratio test with mixing N(null, τ²) on the effect; τ is `mixingDeviation`.
  ///
  /// Serves any estimate that is about normal: pass the difference and standard error of a ratio metric or of CUPED.
  /// `nil` for a standard error or τ that isn't above 0, alpha outside [0, 1], NaN or infinite input.
  public static func look(
    difference: Double, standardError: Double, mixingDeviation: Double, alpha: Double, null: Double = 0
  ) -> Look? {
    guard standardError > 0, mixingDeviation > 0, standardError.isFinite, mixingDeviation.isFinite,
      alpha.isProbability, difference.isFinite, null.isFinite
    else { return nil }
    // Of the ratio alone, since its square may be no double.
    let ratio = mixingDeviation / standardError
    let effect = (difference - null) / standardError / Double.hypot(1, 1 / ratio)
    let logVariance = logOnePlusSquare(ratio)
    let logRatio = effect * effect / 2 - logVariance / 2
    guard !logRatio.isNaN else { return nil }
    return Look(
      logLikelihoodRatio: logRatio, pValue: min(1, Double.exp(-logRatio)), rejects: logRatio >= -Double.log(alpha),
      halfWidth: standardError * Double.hypot(1, 1 / ratio) * (logVariance - 2 * Double.log(alpha)).squareRoot())
  }

  /// ln(1 + x²).
  private static func logOnePlusSquare(_ x: Double) -> Double {
    x > 0x1p60 ? 2 * Double.log(x) : Double.log(onePlus: x * x)
  }

  /// The p-values of repeated looks: the running minimum, which never rises again, and the first look with p ≤ alpha.
  ///
  /// `nil` for no looks, unequal lengths and where a look is undefined.
  public static func sequence(
    differences: [Double], standardErrors: [Double], mixingDeviation: Double, alpha: Double
  ) -> (pValues: [Double], firstRejection: Int?)? {
    guard !differences.isEmpty, differences.count == standardErrors.count else { return nil }
    var pValues: [Double] = []
    for (difference, error) in zip(differences, standardErrors) {
      guard
        let look = look(difference: difference, standardError: error, mixingDeviation: mixingDeviation, alpha: alpha)
      else { return nil }
      pValues.append(min(pValues.last ?? 1, look.pValue))
    }
    return (pValues, pValues.firstIndex { $0 <= alpha })
  }

  /// √[(v + ρ)(ln(1 + v/ρ) + 2 ln(1/α))] at intrinsic time v: a sum of variance v crosses it ever with probability ≤ α.
  ///
  /// `nil` for v < 0, ρ ≤ 0, alpha outside [0, 1]; infinite for alpha 0.
  public static func boundary(time v: Double, precision rho: Double, alpha: Double) -> Double? {
    guard v >= 0, v.isFinite, rho > 0, rho.isFinite, alpha.isProbability else { return nil }
    let quotient = v / rho
    let growth = quotient.isFinite ? Double.log(onePlus: quotient) : Double.log(v) - Double.log(rho)
    return (v + rho).squareRoot() * (growth - 2 * Double.log(alpha)).squareRoot()
  }

  /// The ρ that makes the boundary about tightest at intrinsic time `optimalTime`: v/(2 ln(1/α) + ln(1 + 2 ln(1/α))).
  ///
  /// A closed approximation; the exact one needs Lambert's W. `nil` for a time that isn't above 0 and alpha outside (0, 1).
  public static func precision(optimalTime: Double, alpha: Double) -> Double? {
    guard optimalTime > 0, optimalTime.isFinite, alpha > 0, alpha < 1 else { return nil }
    let twice = -2 * Double.log(alpha)
    return optimalTime / (twice + Double.log(onePlus: twice))
  }
}
