import GRDB

/// Which proxy metrics move with the business metric, revenue per thousand impressions, in the store's own live traffic.
public struct ProxyAnalysis: Codable, Sendable, Equatable {
  public let bucket: ProxyOptions.Bucket
  /// Hours or days with enough impressions.
  public let bucketCount: Int
  public let confidence: Double
  /// The candidate that follows the business metric best comes first, those that can't be judged last.
  public let candidates: [Candidate]
  public let segmentField: String?
  /// Segments with enough impressions, the largest first.
  public let segments: [Segment]
  /// What to conclude, in words.
  public let recommendation: String

  public struct Candidate: Codable, Sendable, Equatable {
    public let proxy: ProxyMetric
    /// Over hours or days as they are: trends and daily cycles that both sides share count too.
    public let levels: Correlation?
    /// Of what is left when hour of the day (or day of the week) and trend are taken away; with fewer than three seasons, of
    /// the changes from one bucket to the next.
    public let adjusted: Correlation?
    /// The same between the proxy among one half of the users and revenue among the other half: the same clicks aren't on
    /// both sides, so it isn't their shared noise; what noise remains weakens it.
    public let disjoint: Correlation?
    /// Share of the adjusted buckets in which both went the same way.
    public let signAgreement: Double?
    /// Spearman's correlation over the segments.
    public let segmentRankCorrelation: Double?
    public let words: String
  }

  public struct Segment: Codable, Sendable, Equatable {
    public let name: String
    public let impressionCount: Int
    public let revenuePerThousand: Double
    /// In the order of `ProxyMetric.allCases`; `nil` where undefined.
    public let proxies: [Double?]
  }

  /// Reads the store's views in one read transaction; memory grows with hours and segments only.
  ///
  /// - throws: ``ExperimentError`` for options out of range; whatever the database throws.
  public init(store: any DatabaseReader, options: ProxyOptions = ProxyOptions()) throws {
    try options.validate()
    let series = try store.read { try ProxySeries(in: $0, options) }
    let buckets = series.buckets.filter { $0.value.both.impressionCount >= ProxyOptions.impressionCountMin }
    let segments = series.segments.filter { $0.value.impressionCount >= ProxyOptions.impressionCountMin }
      .sorted { ($1.value.impressionCount, $0.key) < ($0.value.impressionCount, $1.key) }
    let candidates = ProxyMetric.allCases.map { proxy in
      Candidate(proxy, buckets: buckets, segments: segments.map(\.value), options)
    }
    bucket = options.bucket
    bucketCount = buckets.count
    confidence = options.confidence
    self.candidates = candidates.sorted { $0.rank > $1.rank }
    segmentField = options.segmentField
    self.segments = segments.map { name, sums in
      Segment(
        name: name, impressionCount: Int(sums.impressionCount), revenuePerThousand: sums.business ?? 0,
        proxies: ProxyMetric.allCases.map { sums.value($0) })
    }
    recommendation = Self.recommendation(self.candidates, options.bucket, bucketCount: buckets.count)
  }
}
