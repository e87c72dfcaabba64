import RealModule

/// The incomplete gamma and beta functions, which swift-numerics lacks.
///
/// Source: NIST Digital Library of Mathematical Functions, 8.7, 8.9 and 8.17.22. Relative error about 1e-12.
/// The loops end after about √a steps, so arguments up to 1e8 take under a millisecond.
public enum SpecialFunctions {
  /// P(a, x), the regularised lower incomplete gamma function, in [0, 1]. `nil` for a ≤ 0, x < 0, NaN or infinite.
  public static func regularizedGammaP(a: Double, x: Double) -> Double? {
    incompleteGamma(a: a, x: x)?.lower
  }

  /// Q(a, x) = 1 − P(a, x), without the subtraction when it is small. `nil` for a ≤ 0, x < 0, NaN or infinite.
  public static func regularizedGammaQ(a: Double, x: Double) -> Double? {
    incompleteGamma(a: a, x: x)?.upper
  }

  /// I_x(a, b), the regularised incomplete beta function, in [0, 1]. `nil` for a ≤ 0, b ≤ 0, x outside [0, 1] or NaN.
  public static func regularizedBeta(a: Double, b: Double, x: Double) -> Double? {
    regularizedBeta(a: a, b: b, x: x, complement: 1 - x)
  }

  /// I_x(a, b) for callers that know `complement` = 1 − x exactly, which matters when x is near 1.
  public static func regularizedBeta(a: Double, b: Double, x: Double, complement: Double) -> Double? {
    guard a > 0, b > 0, a.isFinite, b.isFinite, x.isProbability, complement.isProbability else { return nil }
    if x == 0 { return 0 }
    if complement == 0 { return 1 }
    if x >= (a + 1) / (a + b + 2) {
      return 1 - betaFraction(a: b, b: a, x: complement, complement: x)
    }
    return betaFraction(a: a, b: b, x: x, complement: complement)
  }

  private static func incompleteGamma(a: Double, x: Double) -> (lower: Double, upper: Double)? {
    guard a > 0, x >= 0, a.isFinite, x.isFinite else { return nil }
    if x == 0 { return (0, 1) }
    let prefactor = gammaPrefactor(a: a, x: x)
    if x < a + 1 {
      let lower = min(1, prefactor * gammaSeries(a: a, x: x))
      return (lower, 1 - lower)
    }
    let upper = min(1, prefactor * a * gammaFraction(a: a, x: x))
    return (1 - upper, upper)
  }

  /// Σ xⁿ / ((a + 1)…(a + n)), DLMF 8.7.1.
  private static func gammaSeries(a: Double, x: Double) -> Double {
    var term = 1.0
    var sum = 1.0
    for n in 1...stepLimit(a) {
      term *= x / (a + Double(n))
      sum += term
      if term < sum * 0x1p-54 { break }
    }
    return sum
  }

  /// The continued fraction of Γ(a, x) eˣ x⁻ᵃ, DLMF 8.9.2.
  private static func gammaFraction(a: Double, x: Double) -> Double {
    var fraction = LentzFraction(first: x + 1 - a)
    for n in 1...stepLimit(a) {
      let k = Double(n)
      if fraction.append(numerator: k * (a - k), denominator: x + 2 * k + 1 - a) { break }
    }
    return 1 / fraction.value
  }

  /// I_x(a, b) by the continued fraction DLMF 8.17.22; converges fast for x < (a + 1) / (a + b + 2).
  private static func betaFraction(a: Double, b: Double, x: Double, complement: Double) -> Double {
    var fraction = LentzFraction(first: 1)
    for n in 0...stepLimit(max(a, b)) {
      let m = Double(n)
      let odd = -((a + m) / (a + 2 * m)) * ((a + b + m) / (a + 2 * m + 1)) * x
      let even = ((m + 1) / (a + 2 * m + 1)) * ((b - m - 1) / (a + 2 * m + 2)) * x
      _ = fraction.append(numerator: odd, denominator: 1)
      if fraction.append(numerator: even, denominator: 1) { break }
    }
    let prefactor = betaPrefactor(a: a, b: b, x: x, complement: complement)
    return min(1, prefactor * (b / (a + b)) / fraction.value)
  }

  /// Near the mean the terms fall like exp(−n²/2a), so some 9·√a of them reach the last bit of a double.
  private static func stepLimit(_ a: Double) -> Int {
    500 + Int(20 * min(a, 1e12).squareRoot())
  }
}

/// A continued fraction b₀ + a₁/(b₁ + a₂/(b₂ + …)) evaluated forwards (Lentz 1976, Thompson and Barnett 1986).
private struct LentzFraction {
  private static let tiny = 1e-300
  private(set) var value: Double
  private var c: Double
  private var d = 0.0

  init(first: Double) {
    value = first == 0 ? Self.tiny : first
    c = value
  }

  /// Adds a term; true when it no longer changed the value.
  mutating func append(numerator: Double, denominator: Double) -> Bool {
    let nextD = denominator + numerator * d
    let nextC = denominator + numerator / c
    d = 1 / (nextD == 0 ? Self.tiny : nextD)
    c = nextC == 0 ? Self.tiny : nextC
    let factor = c * d
    value *= factor
    return (factor - 1).magnitude < 0x1p-53
  }
}
