import RealModule

/// Student's t distribution; degrees of freedom are any positive number.
public enum StudentT {
  /// P(T > t). `nil` for df ≤ 0, NaN or infinite arguments. Relative error about 1e-11.
  public static func survival(_ t: Double, degreesOfFreedom df: Double) -> Double? {
    guard t.isFinite, df > 0, df.isFinite else { return nil }
    let tail = upperTail(t.magnitude, df)
    return t >= 0 ? tail : 1 - tail
  }

  /// The t with P(T ≤ t) = p: −∞ at 0, ∞ at 1. `nil` for p outside [0, 1] and df ≤ 0.
  public static func quantile(_ p: Double, degreesOfFreedom df: Double) -> Double? {
    guard p.isProbability, df > 0, df.isFinite else { return nil }
    if p == 0.5 { return 0 }
    let excess = (p - 0.5).magnitude
    let magnitude =
      excess < 0.25
      ? solve { centralHalf($0, df) >= excess }
      : upperQuantile(p < 0.5 ? p : 1 - p, df)
    return p < 0.5 ? -magnitude : magnitude
  }

  /// P(|T| ≥ |t|). `nil` as for ``survival(_:degreesOfFreedom:)``.
  public static func twoSidedPValue(t: Double, degreesOfFreedom df: Double) -> Double? {
    survival(t.magnitude, degreesOfFreedom: df).map { 2 * $0 }
  }

  /// t_{(1 + c)/2, df}, the half width in standard errors of a two-sided interval. `nil` for c outside [0, 1] or df ≤ 0.
  public static func criticalValue(confidence: Double, degreesOfFreedom df: Double) -> Double? {
    confidence.isProbability ? quantile((1 - confidence) / 2, degreesOfFreedom: df).map { 0 - $0 } : nil
  }

  private static func upperQuantile(_ q: Double, _ df: Double) -> Double {
    q == 0 ? .infinity : solve { upperTail($0, df) <= q }
  }

  /// P(T > t) for t ≥ 0: I_x(df/2, ½)/2 with x = df/(df + t²).
  private static func upperTail(_ t: Double, _ df: Double) -> Double {
    if df > nearlyNormal { return NormalDistribution.tail(t) + excess(t, df) }
    let (x, y) = fractions(t, df)
    guard x > 0 else { return farTail(t, df) }
    return (SpecialFunctions.regularizedBeta(a: df / 2, b: 0.5, x: x, complement: y) ?? 0) / 2
  }

  /// The leading term of the tail, for t so large that t² isn't a double.
  private static func farTail(_ t: Double, _ df: Double) -> Double {
    let constant = Double.logGamma((df + 1) / 2) - Double.logGamma(df / 2 + 1) - Double.log(.pi) / 2
    return Double.exp(constant - df * (Double.log(t) - Double.log(df) / 2)) / 2
  }

  /// P(0 < T < t) for t ≥ 0, computed directly.
  private static func centralHalf(_ t: Double, _ df: Double) -> Double {
    if df > nearlyNormal { return Double.erf(t / 2.0.squareRoot()) / 2 - excess(t, df) }
    let (x, y) = fractions(t, df)
    return (SpecialFunctions.regularizedBeta(a: 0.5, b: df / 2, x: y, complement: x) ?? 1) / 2
  }

  /// Degrees of freedom beyond which df/(df + t²) is too near 1 for a double to tell.
  private static let nearlyNormal = 1e10

  /// By how much the tail is above that of the normal distribution, to order 1/df (Abramowitz and Stegun 26.7.8's series).
  private static func excess(_ t: Double, _ df: Double) -> Double {
    let density = Double.exp(-t * t / 2) / (2 * Double.pi).squareRoot()
    return density == 0 ? 0 : density * t * (t * t + 1) / (4 * df)
  }

  /// df/(df + t²) and t²/(df + t²).
  private static func fractions(_ t: Double, _ df: Double) -> (Double, Double) {
    let square = (t / df.squareRoot()) * (t / df.squareRoot())
    return (1 / (1 + square), 1 / (1 + 1 / square))
  }

  /// The smallest t > 0 for which `isReached`, which must stay true once it is: bracketed by squaring, then bisected,
  /// in the logarithm while the bracket is wide. Infinite when no double is large enough.
  private static func solve(_ isReached: (Double) -> Bool) -> Double {
    var low = 0x1p-500
    var high = 2.0
    while !isReached(high) {
      guard high < .greatestFiniteMagnitude else { return .infinity }
      low = high
      high = min(high * high, .greatestFiniteMagnitude)
    }
    while true {
      let middle = high > 2 * low ? low.squareRoot() * high.squareRoot() : low + (high - low) / 2
      guard middle > low, middle < high else { return high }
      if isReached(middle) { high = middle } else { low = middle }
    }
  }
}
