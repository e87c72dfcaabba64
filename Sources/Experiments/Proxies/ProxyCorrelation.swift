import Statistics

extension ProxyAnalysis {
  /// The mean of Pearson's correlations of some pairs of series, with a circular block bootstrap's percentile interval.
  public struct Correlation: Codable, Sendable, Equatable {
    public let value: Double
    /// From blocks of time, since neighbouring hours aren't independent; of all candidates together (Bonferroni).
    public let interval: Interval
    /// Hours or days.
    public let count: Int
  }
}

extension ProxyAnalysis.Correlation {
  /// The series of all pairs stand on the same hours or days, so a draw takes the same ones from each.
  ///
  /// `nil` for fewer than ``ProxyOptions/observationCountMin`` observations and for a constant side.
  init?(_ pairs: [(x: [Double], y: [Double])], block: Int, candidateCount: Int, _ options: ProxyOptions) {
    let count = pairs[0].x.count
    guard count >= ProxyOptions.observationCountMin, let value = Self.mean(pairs) else { return nil }
    var random = SeededGenerator(seed: options.seed)
    let starts = AutocorrelatedSeries.blockStarts(
      count: count, block: block, replicates: options.replicateCount, using: &random)
    let draws = starts.compactMap { replicate -> Double? in
      let rows = (0..<count).map { (replicate[$0 / block] + $0 % block) % count }
      return Self.mean(pairs.map { pair in (rows.map { pair.x[$0] }, rows.map { pair.y[$0] }) })
    }.sorted()
    guard draws.count >= options.replicateCount / 2 else { return nil }
    let tail = (1 - options.confidence) / 2 / Double(max(1, candidateCount))
    func quantile(_ share: Double) -> Double { draws[Int((share * Double(draws.count - 1)).rounded())] }
    self.value = value
    interval = Interval(low: quantile(tail), high: quantile(1 - tail))
    self.count = count
  }

  private static func mean(_ pairs: [(x: [Double], y: [Double])]) -> Double? {
    let values = pairs.compactMap { Association.pearson($0.x, $0.y) }
    return values.count == pairs.count ? values.reduce(0, +) / Double(values.count) : nil
  }
}
