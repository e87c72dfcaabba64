import RealModule

/// The logistic function and loss, accurate for any argument.
public enum Logistic {
  /// 1/(1 + e⁻ᶻ), the probability that belongs to the log-odds z.
  @inlinable public static func sigmoid(_ z: Double) -> Double {
    let small = Double.exp(-z.magnitude)
    return z >= 0 ? 1 / (1 + small) : small / (1 + small)
  }

  /// ln(1 + eᶻ).
  @inlinable public static func softplus(_ z: Double) -> Double {
    max(z, 0) + Double.log(onePlus: Double.exp(-z.magnitude))
  }

  /// ln(p/(1 − p)), the inverse of ``sigmoid(_:)``: −∞ at 0, ∞ at 1, NaN outside [0, 1].
  @inlinable public static func logit(_ p: Double) -> Double {
    Double.log(p) - Double.log(onePlus: -p)
  }

  /// The log loss of predicting with log-odds z.
  @inlinable public static func loss(z: Double, label: Bool) -> Double {
    softplus(label ? -z : z)
  }

  /// d loss/dz: p for a 0, p − 1 for a 1, the latter without the subtraction, which rounds to 0 for large z.
  @inlinable public static func slope(z: Double, label: Bool) -> Double {
    label ? -sigmoid(-z) : sigmoid(z)
  }
}
