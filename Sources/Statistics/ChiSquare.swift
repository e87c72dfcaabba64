/// The chi-square distribution.
public enum ChiSquare {
  /// P(X > x) = Q(df/2, x/2). `nil` for x < 0, df ≤ 0, NaN or infinite arguments.
  public static func survival(_ x: Double, degreesOfFreedom df: Double) -> Double? {
    SpecialFunctions.regularizedGammaQ(a: df / 2, x: x / 2)
  }
}
