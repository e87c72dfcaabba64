import Statistics

extension ProxyAnalysis {
  /// What the effects of past experiments on a proxy have to do with those on the business metric.
  public struct EffectRelation: Codable, Sendable, Equatable {
    /// Arms that were compared with their control.
    public let comparisonCount: Int
    /// Of the effects as they were measured, which the noise of the same users makes alike.
    public let naiveCorrelation: Double
    /// Of the true effects: with the noise of both, and what they share of it, taken out.
    public let correlation: Double
    /// Of all candidates together (Bonferroni), from draws of the comparisons.
    public let interval: Interval
    /// Relative change of the business metric by relative change of the proxy.
    public let slope: Double
    /// Share of the comparisons in which both went the same way, the proxy among one half of the users and the business
    /// metric among the other.
    public let signAgreement: Double?
  }
}

extension ProxyAnalysis.EffectRelation {
  /// `nil` for fewer than ``ProxyOptions/comparisonCountMin`` comparisons, and when the effects on the proxy or on the
  /// business metric are no larger than their noise.
  init?(_ pairs: [EffectPair], candidateCount: Int, _ options: ProxyOptions) {
    guard pairs.count >= ProxyOptions.comparisonCountMin else { return nil }
    let whole = EffectMoments(pairs)
    guard let correlation = whole.correlation else { return nil }
    var random = SeededGenerator(seed: options.seed)
    let draws = (0..<options.replicateCount).compactMap { _ in
      EffectMoments(pairs.map { _ in pairs[Int(random.nextUniform() * Double(pairs.count))] }).correlation
    }.sorted()
    // Where noise is most of what was measured, many draws have nothing else.
    guard draws.count >= options.replicateCount / 2 else { return nil }
    let tail = (1 - options.confidence) / 2 / Double(max(1, candidateCount))
    func quantile(_ share: Double) -> Double { draws[Int((share * Double(draws.count - 1)).rounded())] }
    comparisonCount = pairs.count
    naiveCorrelation = whole.naiveCorrelation ?? 0
    self.correlation = correlation
    interval = Interval(low: quantile(tail), high: quantile(1 - tail))
    slope = whole.slope
    let crossed = pairs.flatMap(\.crossed).filter { $0.proxy != 0 && $0.business != 0 }
    signAgreement =
      crossed.isEmpty ? nil : Double(crossed.count { ($0.proxy > 0) == ($0.business > 0) }) / Double(crossed.count)
  }
}

/// Second moments around 0 of the effects of comparisons, weighted by their users: as measured, and without the noise.
private struct EffectMoments {
  private var measured = (xx: 0.0, xy: 0.0, yy: 0.0)
  private var noise = (xx: 0.0, xy: 0.0, yy: 0.0)

  init(_ pairs: [EffectPair]) {
    for pair in pairs {
      let weight = Double(pair.unitCount)
      measured.xx += weight * pair.proxy * pair.proxy
      measured.xy += weight * pair.proxy * pair.business
      measured.yy += weight * pair.business * pair.business
      noise.xx += weight * pair.proxyNoise
      noise.xy += weight * pair.sharedNoise
      noise.yy += weight * pair.businessNoise
    }
  }

  var naiveCorrelation: Double? { Self.correlation(measured) }

  /// In [−1, 1].
  var correlation: Double? {
    Self.correlation((measured.xx - noise.xx, measured.xy - noise.xy, measured.yy - noise.yy))
  }

  var slope: Double { (measured.xy - noise.xy) / (measured.xx - noise.xx) }

  private static func correlation(_ moments: (xx: Double, xy: Double, yy: Double)) -> Double? {
    guard moments.xx > 0, moments.yy > 0 else { return nil }
    return min(1, max(-1, moments.xy / (moments.xx * moments.yy).squareRoot()))
  }
}
