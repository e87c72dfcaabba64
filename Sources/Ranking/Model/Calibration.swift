import Foundation

/// Turns the model's probability into the one that is served: an increasing curve from [0, 1] to [0, 1] with 0 ↦ 0 and
/// 1 ↦ 1, fitted after training.
public enum Calibration: Sendable, Equatable {
  /// The model's own probability.
  case identity
  /// p ↦ σ(slope · logit(p) + intercept) (Platt 1999), slope from 10⁻⁶ to 10⁶, intercept from −10⁶ to 10⁶.
  case platt(slope: Double, intercept: Double)
  /// Straight lines from (0, 0) through the points to (1, 1).
  ///
  /// The points' x ascend strictly between 0 and 1; their y don't fall and lie in [0, 1]. Equal y make a plateau, on
  /// which ads tie.
  case isotonic([Point])

  /// A point of an isotonic curve: the model's probability `x` is served as `y`.
  public struct Point: Sendable, Equatable {
    public let x: Double
    public let y: Double

    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// Named bounds of a calibration.
  public enum Limits {
    /// Points of an isotonic curve.
    public static let pointCountMax = 10_000
    /// Magnitude of a slope, of one over it, and of an intercept.
    public static let parameterMax = 1e6
  }

  /// The served probability of a logit (−∞ gives 0), in O(1), isotonic in O(log points). Never NaN.
  ///
  /// Platt's curve is taken of the logit itself, so that nothing is lost where the probability rounds to 0 or 1.
  public func probability(logit: Double) -> Double {
    switch self {
    case .identity: return Self.sigmoid(logit)
    case .platt(let slope, let intercept): return Self.sigmoid(slope * logit + intercept)
    case .isotonic(let points): return Self.interpolate(points, Self.sigmoid(logit))
    }
  }

  /// 1 / (1 + e⁻ˣ) without overflow; 0 at −∞, 1 at +∞.
  static func sigmoid(_ logit: Double) -> Double {
    guard logit < 0 else { return 1 / (1 + exp(-logit)) }
    let odds = exp(logit)
    return odds / (1 + odds)
  }

  /// - throws: ``ModelError`` unless the curve increases as its case says.
  func validate() throws(ModelError) {
    switch self {
    case .identity: return
    case .platt(let slope, let intercept):
      guard slope >= 1 / Limits.parameterMax, slope <= Limits.parameterMax, abs(intercept) <= Limits.parameterMax else {
        throw ModelError(
          .invalidCalibration,
          "the calibration's slope must lie between 1e-6 and 1e6, its intercept between -1e6 and 1e6; refit it")
      }
    case .isotonic(let points):
      guard points.count <= Limits.pointCountMax else {
        throw ModelError(
          .limitReached, "the calibration has more than \(Limits.pointCountMax) points; merge neighbouring ones")
      }
      let inside = points.allSatisfy { $0.x > 0 && $0.x < 1 && $0.y >= 0 && $0.y <= 1 }
      let ascending = zip(points, points.dropFirst()).allSatisfy { $0.x < $1.x && $0.y <= $1.y }
      guard inside, ascending else {
        throw ModelError(
          .invalidCalibration,
          "the calibration's points must have x ascending between 0 and 1 (both exclusive), and y not falling, from 0 to 1"
        )
      }
    }
  }

  private static func interpolate(_ points: [Point], _ p: Double) -> Double {
    var low = 0
    var high = points.count
    while low < high {
      let middle = (low + high) / 2
      if points[middle].x <= p { low = middle + 1 } else { high = middle }
    }
    let left = low == 0 ? Point(x: 0, y: 0) : points[low - 1]
    let right = low == points.count ? Point(x: 1, y: 1) : points[low]
    guard left.y < right.y else { return left.y }
    return min(left.y + (right.y - left.y) * ((p - left.x) / (right.x - left.x)), right.y)
  }
}
