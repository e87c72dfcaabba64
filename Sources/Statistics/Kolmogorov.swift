import RealModule

/// The limit distribution of Kolmogorov's statistic √n·D.
public enum Kolmogorov {
  /// K̄(x), the probability of a larger statistic: 1 for x ≤ 0. `nil` for NaN and infinite x.
  ///
  /// The alternating series for x ≥ 1 and its theta-function transform below, each where it converges in a few terms.
  public static func survival(_ x: Double) -> Double? {
    guard x.isFinite else { return nil }
    if x < 0.04 { return 1 }
    if x >= 1 {
      return sum { k in (k.truncatingRemainder(dividingBy: 2) == 1 ? 2 : -2) * Double.exp(-2 * k * k * x * x) }
    }
    let rate = Double.pi * Double.pi / (8 * x * x)
    return 1 - (2 * Double.pi).squareRoot() / x * sum { k in Double.exp(-(2 * k - 1) * (2 * k - 1) * rate) }
  }

  /// The first 20 terms, the smallest first.
  private static func sum(_ term: (Double) -> Double) -> Double {
    stride(from: 20.0, to: 0, by: -1).reduce(0) { $0 + term($1) }
  }
}
