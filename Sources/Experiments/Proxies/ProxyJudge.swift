import Statistics

/// Judges one candidate after the other on the same samples.
struct ProxyJudge {
  let series: ProxySeries
  /// Hours or days with enough impressions.
  let buckets: [Int64: ProxySeries.Halves]
  /// Arms of past experiments that were compared.
  let comparisonCount: Int
  /// By candidate.
  private let effects: [[EffectPair]]
  private let samples: ProxySamples
  private let business: MetricDefinition
  private let proxies: [MetricDefinition]
  private let options: ProxyOptions
  private let unitTotals: [MetricSums]

  init(
    _ samples: ProxySamples, experiments: [Experiment], business: MetricDefinition,
    proxies: [MetricDefinition], _ options: ProxyOptions
  ) {
    self.samples = samples
    self.business = business
    self.proxies = proxies
    self.options = options
    series = ProxySeries(samples.days)
    let whole = samples.hours.map { ProxySeries($0) } ?? series
    buckets = whole.buckets.filter { $0.value.both[.impressions] >= ProxyOptions.impressionCountMin }
    var effects = proxies.map { _ in [EffectPair]() }
    var comparisonCount = 0
    // One experiment at a time: each takes memory for all users.
    for experiment in experiments where experiment.unit == .user {
      for comparison in PastComparison.all(experiment, samples.days) {
        comparisonCount += 1
        for (index, proxy) in proxies.enumerated() {
          if let pair = EffectPair(proxy, business, comparison) { effects[index].append(pair) }
        }
      }
    }
    self.effects = effects
    self.comparisonCount = comparisonCount
    unitTotals = (0..<samples.days.unitCount).map { unit in
      var sums = samples.days.rows(of: unit).reduce(into: MetricSums()) { $0 += $1.sums }
      sums[.users] = 1
      return sums
    }
  }

  func candidates() -> [ProxyAnalysis.Candidate] {
    zip(proxies, effects).map { candidate($0, $1) }
  }

  private func candidate(_ proxy: MetricDefinition, _ effects: [EffectPair]) -> ProxyAnalysis.Candidate {
    let relation = ProxyAnalysis.EffectRelation(effects, candidateCount: proxies.count, options)
    let season = samples.bucket.seasonCount
    let whole = BucketSeries(buckets, [{ proxy.goodness($0.both) }, { business.goodness($0.both) }])
    let halves = BucketSeries(
      buckets,
      [
        { proxy.goodness($0.even) }, { business.goodness($0.odd) }, { proxy.goodness($0.odd) },
        { business.goodness($0.even) },
      ])
    let rest = whole.adjusted(season: season)
    let adjusted = correlation(rest)
    let disjoint = correlation(halves.adjusted(season: season))
    let moved = zip(rest.columns[0], rest.columns[1]).filter { $0 != 0 && $1 != 0 }
    let ranks = series.segments.values.filter { $0[.impressions] >= ProxyOptions.impressionCountMin }
      .compactMap { sums in proxy.goodness(sums).flatMap { x in business.goodness(sums).map { (x, $0) } } }
    return ProxyAnalysis.Candidate(
      proxy: proxy, experiments: relation, levels: correlation(whole), adjusted: adjusted, disjoint: disjoint,
      signAgreement: moved.count < ProxyOptions.observationCountMin
        ? nil : Double(moved.count { ($0 > 0) == ($1 > 0) }) / Double(moved.count),
      segmentRankCorrelation: ranks.count < 3 ? nil : Association.spearman(ranks.map(\.0), ranks.map(\.1))?.rho,
      unitsPerArm: unitsPerArm(proxy),
      words: ProxyAnalysis.words(relation, adjusted, disjoint))
  }

  private func correlation(_ series: BucketSeries) -> ProxyAnalysis.Correlation? {
    let season = samples.bucket.seasonCount
    let pairs = stride(from: 0, to: series.columns.count, by: 2).map { (series.columns[$0], series.columns[$0 + 1]) }
    let usual = AutocorrelatedSeries.defaultBlock(count: series.keys.count)
    let block = series.keys.count >= 3 * season ? max(usual, season / 2) : usual
    return ProxyAnalysis.Correlation(pairs, block: max(1, block), candidateCount: proxies.count, options)
  }

  /// At alpha 5 % and power 80 %, from the variance of the users' sums over all days.
  func unitsPerArm(_ metric: MetricDefinition) -> Int? {
    let ratio = RatioMetric(
      numerators: unitTotals.map { metric.numerator($0) }, denominators: unitTotals.map { metric.denominator($0) })
    guard let ratio, ratio.ratio != 0 else { return nil }
    return Power.sampleSize(
      deviation: ratio.standardError * Double(ratio.count).squareRoot(), effect: ratio.ratio * options.relativeEffect,
      alpha: 0.05, power: 0.8)?.first
  }
}
