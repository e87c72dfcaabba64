import Statistics

extension ProxyAnalysis.Candidate {
  init(_ proxy: ProxyMetric, buckets: [Int64: ProxySeries.Halves], segments: [ProxySums], _ options: ProxyOptions) {
    let season = options.bucket.seasonCount
    let whole = BucketSeries(buckets, [{ $0.both.value(proxy) }, { $0.both.business }])
    let halves = BucketSeries(
      buckets, [{ $0.even.value(proxy) }, { $0.odd.business }, { $0.odd.value(proxy) }, { $0.even.business }])
    func correlation(_ series: BucketSeries) -> ProxyAnalysis.Correlation? {
      let pairs = stride(from: 0, to: series.columns.count, by: 2).map { (series.columns[$0], series.columns[$0 + 1]) }
      let usual = AutocorrelatedSeries.defaultBlock(count: series.keys.count)
      let block = series.keys.count >= 3 * season ? max(usual, season / 2) : usual
      return ProxyAnalysis.Correlation(pairs, block: max(1, block), options)
    }
    let rest = whole.adjusted(season: season)
    self.proxy = proxy
    levels = correlation(whole)
    adjusted = correlation(rest)
    disjoint = correlation(halves.adjusted(season: season))
    let moved = zip(rest.columns[0], rest.columns[1]).filter { $0 != 0 && $1 != 0 }
    signAgreement =
      moved.count < ProxyOptions.observationCountMin
      ? nil : Double(moved.count { ($0 > 0) == ($1 > 0) }) / Double(moved.count)
    let ranks = segments.compactMap { sums in sums.value(proxy).flatMap { x in sums.business.map { (x, $0) } } }
    segmentRankCorrelation = ranks.count < 3 ? nil : Association.spearman(ranks.map(\.0), ranks.map(\.1))?.rho
    words = Self.words(adjusted, disjoint)
  }

  /// Moves with revenue, and not only by the chance of the same clicks.
  var isShown: Bool {
    guard let adjusted, let disjoint else { return false }
    return adjusted.interval.low > 0 && disjoint.interval.low > 0
  }

  /// By what to order candidates: the worse of the lower ends with and without shared noise.
  var rank: Double {
    guard let adjusted else { return -3 }
    return disjoint.map { min($0.interval.low, adjusted.interval.low) } ?? adjusted.interval.low - 1
  }

  private static func words(
    _ adjusted: ProxyAnalysis.Correlation?, _ disjoint: ProxyAnalysis.Correlation?
  ) -> String {
    guard let adjusted else { return "too few data to judge" }
    if adjusted.interval.low <= 0 && adjusted.interval.high >= 0 { return "no relation to revenue is shown" }
    guard adjusted.value > 0 else { return "moves against revenue: don't optimise it" }
    let strength = adjusted.value >= 0.7 ? "strongly" : adjusted.value >= 0.3 ? "moderately" : "weakly"
    guard let disjoint, disjoint.interval.low > 0 else {
      return "moves with revenue \(strength), but that may only be the chance of the same clicks"
    }
    return "moves with revenue \(strength), also among other users"
  }
}

extension ProxyAnalysis {
  static func recommendation(_ candidates: [Candidate], _ bucket: ProxyOptions.Bucket, bucketCount: Int) -> String {
    guard let best = candidates.first, let adjusted = best.adjusted else {
      return
        "Too few data: \(bucketCount) \(bucket.rawValue)s with \(Int(ProxyOptions.impressionCountMin)) impressions or "
        + "more; \(ProxyOptions.observationCountMin + 1) in a row with revenue are the least. Judge by revenue itself."
    }
    let range = "\(Text.correlation(adjusted.interval.low)) to \(Text.correlation(adjusted.interval.high))"
    if best.isShown, let disjoint = best.disjoint {
      return
        "Take \(best.proxy.title) as the proxy: it goes up and down with revenue per 1000 impressions (correlation "
        + "\(Text.correlation(adjusted.value)), \(range)), and so it does between one half of the users and the other "
        + "(\(Text.correlation(disjoint.value)))."
    }
    if let shared = candidates.first(where: { ($0.adjusted?.interval.low ?? 0) > 0 }) {
      return
        "\(shared.proxy.title) goes up and down with revenue, but not between one half of the users and the other: "
        + "it may be the chance of the same clicks. Judge by revenue itself."
    }
    return
      "No candidate is shown to move with revenue over \(bucketCount) \(bucket.rawValue)s: judge by revenue itself."
  }
}
