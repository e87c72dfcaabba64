import RealModule

/// Count, means, variances and covariance of pairs (x, y) that come one by one or in parts.
///
/// Holds the triangular factor of the centred cross products, updated by Givens rotations (Golub and Van Loan, 6.5), not
/// the products themselves: what a line leaves of y is then found without the cancellation of
/// Syy − 2s·Sxy + s²·Sxx, as exactly as from the rows. Ratio metrics and CUPED rest on it.
public struct PairedMoments: Sendable, Equatable {
  public private(set) var count = 0
  private var origin = SIMD2(0.0, 0.0)
  /// Means of the differences from the origin.
  private var offset = SIMD2(0.0, 0.0)
  /// Sxx = xx², Sxy = xx·xy, Syy = xy² + yy².
  private var xx = 0.0
  private var xy = 0.0
  private var yy = 0.0

  public init() {}

  /// The moments of the pairs of two arrays, summed pairwise. `nil` for unequal lengths and NaN or infinite values.
  public init?(x: [Double], y: [Double]) {
    guard x.count == y.count, x.allFinite, y.allFinite else { return nil }
    self.init(x[...], y[...])
  }

  private init(_ x: ArraySlice<Double>, _ y: ArraySlice<Double>) {
    if x.count <= Moments.blockCount {
      for (x, y) in zip(x, y) { add(x: x, y: y) }
    } else {
      let half = x.count / 2
      merge(Self(x.prefix(half), y.prefix(half)))
      merge(Self(x.dropFirst(half), y.dropFirst(half)))
    }
  }

  public mutating func add(x: Double, y: Double) {
    let pair = SIMD2(x, y)
    if count == 0 { origin = pair }
    let difference = (pair - origin) - offset
    let share = Double(count) / Double(count + 1)
    count += 1
    offset += difference / Double(count)
    rotate(difference * share.squareRoot())
  }

  /// Adds the pairs of `other`.
  public mutating func merge(_ other: Self) {
    guard other.count > 0, count > 0 else {
      if count == 0 { self = other }
      return
    }
    let share = Double(other.count) / (Double(count) + Double(other.count))
    let difference = other.difference(from: self)
    rotate(difference * (share * Double(count)).squareRoot())
    rotate(SIMD2(other.xx, other.xy))
    rotate(SIMD2(0, other.yy))
    offset += difference * share
    count += other.count
  }

  public var meanX: Double { origin.x + offset.x }
  public var meanY: Double { origin.y + offset.y }

  /// Sample variances and covariance, divided by n − 1. `nil` for fewer than two pairs.
  public var varianceX: Double? { perDegree(xx * xx) }
  public var varianceY: Double? { perDegree(xy * xy + yy * yy) }
  public var covariance: Double? { perDegree(xx * xy) }

  /// cov(x, y)/var(x), 0 when x is constant.
  var slope: Double { xx > 0 ? xy / xx : 0 }

  /// The root of the sum of squares that y − slope·x has around its mean: 0 when it can't be told from rounding.
  func residualNorm(slope: Double) -> Double {
    let scale = Double.hypot(Double.hypot(xy, yy), slope * xx)
    let norm = Double.hypot(xy - slope * xx, yy)
    let noise = 4 * Double.ulpOfOne * Double(count).squareRoot() * scale
    return norm <= noise ? 0 : norm
  }

  /// These means minus those of `other`, without rounding the means first.
  func difference(from other: Self) -> SIMD2<Double> {
    (origin - other.origin) + (offset - other.offset)
  }

  /// Adds a row to the factor.
  private mutating func rotate(_ row: SIMD2<Double>) {
    let radius = Double.hypot(xx, row.x)
    guard radius > 0 else {
      yy = Double.hypot(yy, row.y)
      return
    }
    let (cosine, sine) = (xx / radius, row.x / radius)
    let rest = cosine * row.y - sine * xy
    xy = cosine * xy + sine * row.y
    yy = Double.hypot(yy, rest)
    xx = radius
  }

  private func perDegree(_ sum: Double) -> Double? {
    count > 1 ? (sum / Double(count - 1)).ifFinite : nil
  }
}
