import RealModule

/// The standard normal distribution. Relative error about 1e-14, also far out in the tails.
public enum NormalDistribution {
  /// Φ(x). `nil` for NaN and infinite x.
  public static func cumulative(_ x: Double) -> Double? {
    x.isFinite ? tail(-x) : nil
  }

  /// 1 − Φ(x), computed directly. `nil` for NaN and infinite x.
  public static func survival(_ x: Double) -> Double? {
    x.isFinite ? tail(x) : nil
  }

  /// z_p = Φ⁻¹(p): −∞ at 0, ∞ at 1, `nil` outside [0, 1] and for NaN.
  public static func quantile(_ p: Double) -> Double? {
    guard p.isProbability else { return nil }
    if (p - 0.5).magnitude < 0.25 { return centralQuantile(p - 0.5) }
    return p < 0.5 ? -tailQuantile(p) : tailQuantile(1 - p)
  }

  /// The probability of a value at least as far from 0 as z, on either side.
  public static func twoSidedPValue(z: Double) -> Double {
    Double.erfc(z.magnitude / 2.squareRoot())
  }

  /// The x with survival(x) = q, exact for small q: ∞ at 0, −∞ at 1, `nil` outside [0, 1] and for NaN.
  static func upperQuantile(_ q: Double) -> Double? {
    quantile(q).map { 0 - $0 }
  }

  /// z_{(1 + c)/2}, the half width in standard errors of a two-sided interval. `nil` outside [0, 1].
  public static func criticalValue(confidence: Double) -> Double? {
    confidence.isProbability ? upperQuantile((1 - confidence) / 2) : nil
  }

  /// 1 − Φ(x) for any x, infinite ones too.
  static func tail(_ x: Double) -> Double {
    Double.erfc(x / 2.squareRoot()) / 2
  }

  /// Solves Φ(x) − ½ = excess by Newton's method on erf, which is exact near 0.
  private static func centralQuantile(_ excess: Double) -> Double {
    var x = excess * (2 * Double.pi).squareRoot()
    for _ in 0..<20 {
      let step = (Double.erf(x / 2.squareRoot()) / 2 - excess) / density(x)
      x -= step
      if step.magnitude <= x.magnitude * 0x1p-53 { break }
    }
    return x
  }

  /// Solves 1 − Φ(x) = q for q ≤ ¼: Abramowitz and Stegun 26.2.23, then Newton on the logarithm of the tail.
  private static func tailQuantile(_ q: Double) -> Double {
    guard q > 0 else { return .infinity }
    let logTarget = Double.log(q)
    let t = (-2 * logTarget).squareRoot()
    let numerator = 2.515517 + t * (0.802853 + t * 0.010328)
    var x = t - numerator / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
    for _ in 0..<20 {
      let ratio = millsRatio(x)
      let logTail = Double.log(ratio) - x * x / 2 - Double.log(2 * .pi) / 2
      let step = ratio * (logTail - logTarget)
      x += step
      if step.magnitude <= x * 0x1p-52 { break }
    }
    return x
  }

  /// (1 − Φ(x))/φ(x) for x > 0: the quotient, and its continued fraction (DLMF 7.9.1) where both underflow.
  private static func millsRatio(_ x: Double) -> Double {
    guard x > 10 else { return tail(x) / density(x) }
    return 1 / stride(from: 40.0, to: 0, by: -1).reduce(x) { x + $1 / $0 }
  }

  private static func density(_ x: Double) -> Double {
    Double.exp(-x * x / 2) / (2 * Double.pi).squareRoot()
  }
}
