import Statistics

/// Two ratio metrics of the same units, with the covariance that comes of it.
struct RatioPair: Sendable {
  /// Numerator and denominator of one unit.
  typealias Terms = (y: Double, x: Double)

  let unitCount: Int
  /// Units whose numerator isn't 0, in the metric that has fewer.
  let activeUnitCount: Int
  let first: Double
  let second: Double
  /// (Co)variances of the two ratios, by the delta method.
  private let firstVariance: Double
  private let secondVariance: Double
  private let covariance: Double

  /// `nil` for fewer than two units, unequal numbers of them and a denominator of 0.
  init?(_ first: [Terms], _ second: [Terms]) {
    guard let a = Self.influences(first), let b = Self.influences(second),
      let moments = PairedMoments(x: a.values, y: b.values), let firstVariance = moments.varianceX,
      let secondVariance = moments.varianceY, let covariance = moments.covariance
    else { return nil }
    let count = Double(first.count)
    unitCount = first.count
    activeUnitCount = min(first.count { $0.y != 0 }, second.count { $0.y != 0 })
    self.first = a.ratio
    self.second = b.ratio
    self.firstVariance = firstVariance / count
    self.secondVariance = secondVariance / count
    self.covariance = covariance / count
  }

  /// The variance of first·a + second·b.
  func variance(first a: Double, second b: Double) -> Double {
    max(0, a * a * firstVariance + 2 * a * b * covariance + b * b * secondVariance)
  }

  /// The covariance of first·a and second·b.
  func covariance(first a: Double, second b: Double) -> Double { a * b * covariance }

  /// The ratio, and what each unit's share in it is: (y − R·x)/x̄.
  private static func influences(_ terms: [Terms]) -> (ratio: Double, values: [Double])? {
    let x = NeumaierSum(terms.lazy.map(\.x)).value
    guard terms.count >= 2, x != 0 else { return nil }
    let ratio = NeumaierSum(terms.lazy.map(\.y)).value / x
    let mean = x / Double(terms.count)
    return (ratio, terms.map { ($0.y - ratio * $0.x) / mean })
  }
}

extension CappedMetric {
  /// What a unit adds to the metric.
  func terms(_ sums: MetricSums) -> RatioPair.Terms { (numerator(sums), denominator(sums)) }
}
