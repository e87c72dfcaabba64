import Statistics

/// The relative effects of one arm of a past experiment on a proxy and on the business metric, the better side up.
struct EffectPair {
  let proxy: Double
  let business: Double
  /// (Co)variances of the two as estimates: the noise, which they share because the same users make both.
  let proxyNoise: Double
  let businessNoise: Double
  let sharedNoise: Double
  /// The two effects each among one half of the users: the proxy's among the even and the business's among the odd ones, and
  /// the other way round.
  let crossed: [(proxy: Double, business: Double)]
  /// Users of both arms.
  let unitCount: Int

  /// `nil` where an effect is undefined.
  init?(_ proxy: MetricDefinition, _ business: MetricDefinition, _ comparison: PastComparison) {
    func pair(_ users: [MetricSums]) -> RatioPair? {
      RatioPair(
        users.map { (proxy.numerator($0), proxy.denominator($0)) },
        users.map { (business.numerator($0), business.denominator($0)) })
    }
    guard let a = pair(comparison.control.all), let b = pair(comparison.treatment.all),
      let whole = Self.effects(a, b, proxy, business)
    else { return nil }
    (self.proxy, self.business) = whole
    // Derivatives of the effects by the arms' ratios.
    let (p, q) = (proxy.sign / a.first.magnitude, business.sign / a.second.magnitude)
    let (x, y) = (b.first / a.first, b.second / a.second)
    proxyNoise = b.variance(first: p, second: 0) + a.variance(first: p * x, second: 0)
    businessNoise = b.variance(first: 0, second: q) + a.variance(first: 0, second: q * y)
    sharedNoise = b.covariance(first: p, second: q) + a.covariance(first: p * x, second: q * y)
    unitCount = comparison.control.all.count + comparison.treatment.all.count
    func half(_ half: KeyPath<PastComparison.Users, ArraySlice<MetricSums>>) -> (proxy: Double, business: Double)? {
      guard let a = pair(Array(comparison.control[keyPath: half])),
        let b = pair(Array(comparison.treatment[keyPath: half]))
      else { return nil }
      return Self.effects(a, b, proxy, business)
    }
    if let even = half(\.even), let odd = half(\.odd) {
      crossed = [(even.proxy, odd.business), (odd.proxy, even.business)]
    } else {
      crossed = []
    }
  }

  private static func effects(
    _ a: RatioPair, _ b: RatioPair, _ proxy: MetricDefinition, _ business: MetricDefinition
  ) -> (proxy: Double, business: Double)? {
    guard a.first != 0, a.second != 0 else { return nil }
    return (
      proxy.sign * (b.first - a.first) / a.first.magnitude,
      business.sign * (b.second - a.second) / a.second.magnitude
    )
  }
}

extension MetricDefinition {
  /// By which what is better goes up.
  fileprivate var sign: Double { direction == .up ? 1 : -1 }
}
