import RealModule

/// The prefactors of the incomplete functions in Loader's saddle-point form, which keeps its digits where differences of
/// logGamma lose them. Source: Loader 2000, "Fast and accurate computation of binomial probabilities".
extension SpecialFunctions {
  /// xᵃ e⁻ˣ / Γ(a + 1), for a > 0 and x > 0.
  static func gammaPrefactor(a: Double, x: Double) -> Double {
    Double.exp(-deviance(a, x) - stirlingError(a)) / (2 * .pi * a).squareRoot()
  }

  /// xᵃ yᵇ Γ(a + b + 1) / (Γ(a + 1) Γ(b + 1)), for a, b, x and y = 1 − x above 0.
  static func betaPrefactor(a: Double, b: Double, x: Double, complement y: Double) -> Double {
    let n = a + b
    let exponent =
      (stirlingError(n) - stirlingError(a) - stirlingError(b)) - deviance(a, n * x) - deviance(b, n * y)
    return Double.exp(exponent) * ((n / a) / (2 * .pi * b)).squareRoot()
  }

  /// x ln(x/m) + m − x, Loader's bd0: by its series in (x − m)/(x + m) when that is small.
  private static func deviance(_ x: Double, _ mean: Double) -> Double {
    let difference = x - mean
    guard difference.magnitude < 0.1 * (x + mean) else { return x * Double.log(x / mean) - difference }
    let v = difference / (x + mean)
    var sum = difference * v
    var term = 2 * x * v
    for k in 1..<1000 {
      term *= v * v
      let next = sum + term / Double(2 * k + 1)
      if next == sum { break }
      sum = next
    }
    return sum
  }

  /// ln Γ(a + 1) − (a + ½) ln a + a − ½ ln 2π: the error of Stirling's formula.
  private static func stirlingError(_ a: Double) -> Double {
    guard a >= 16 else {
      return Double.logGamma(a + 1) - (a + 0.5) * Double.log(a) + a - 0.5 * Double.log(2 * .pi)
    }
    let s = 1 / (a * a)
    return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - s * 691 / 360360))))) / a
  }
}
