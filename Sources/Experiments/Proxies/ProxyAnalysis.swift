import GRDB
import Statistics

/// Which proxy metrics move with the business metric: across past experiments, across days, and across segments.
public struct ProxyAnalysis: Codable, Sendable, Equatable {
  /// Name of the business metric: the first goal.
  public let business: String
  public let bucket: ProxyOptions.Bucket
  /// Days or hours with enough impressions.
  public let bucketCount: Int
  /// Arms of past experiments that were compared with their control.
  public let comparisonCount: Int
  public let confidence: Double
  /// The change whose detection ``Candidate/unitsPerArm`` is about.
  public let relativeEffect: Double
  /// Users that each arm of an experiment on the business metric needs.
  public let businessUnitsPerArm: Int?
  /// The candidate that follows the business metric best comes first, those that can't be judged last.
  public let candidates: [Candidate]
  public let segmentField: String?
  /// Segments with enough impressions, the largest first.
  public let segments: [Segment]
  /// What to conclude, in words.
  public internal(set) var recommendation: String

  /// A metric that might stand in for the business metric. All relations are between the better sides of both.
  public struct Candidate: Codable, Sendable, Equatable {
    public let proxy: MetricDefinition
    /// Across past experiments: the strongest evidence, since nothing but the arms differs.
    public let experiments: EffectRelation?
    /// Over days as they are: trends and weekly cycles that both sides share count too.
    public let levels: Correlation?
    /// Of what is left when the day of the week (or hour of the day) and trend are taken away; with fewer than three seasons,
    /// of the changes from one bucket to the next.
    public let adjusted: Correlation?
    /// The same between the proxy among one half of the users and the business metric among the other half: the same clicks
    /// aren't on both sides, so it isn't their shared noise; what noise remains weakens it.
    public let disjoint: Correlation?
    /// Share of the adjusted buckets in which both went the same way.
    public let signAgreement: Double?
    /// Spearman's correlation over the segments.
    public let segmentRankCorrelation: Double?
    /// Users that each arm of an experiment needs to find the change: fewer is more sensitive.
    public let unitsPerArm: Int?
    public let words: String
  }

  public struct Segment: Codable, Sendable, Equatable {
    public let name: String
    public let impressionCount: Int
    public let business: Double?
    /// In the order of the candidates; `nil` where undefined.
    public let proxies: [Double?]
  }

  /// Reads the store's sums of users in one read transaction; see ``UnitDays`` for the memory.
  ///
  /// - parameter experiments: past and running ones, of which those by user with results count.
  /// - throws: ``ExperimentError`` for options out of range and metrics without a goal; whatever the database throws.
  public init(
    store: any DatabaseReader, experiments: [Experiment] = [], metrics: MetricSet = .standard,
    options: ProxyOptions = ProxyOptions()
  ) throws {
    try options.validate()
    guard let business = metrics.metrics.first(where: { $0.role == .goal }) else {
      throw ExperimentError("no metric has the role 'goal', so there is nothing to find a proxy of")
    }
    let samples = try store.read { try ProxySamples(in: $0, options) }
    self.init(samples, experiments: experiments, business: business, metrics: metrics, options)
  }

  init(
    _ samples: ProxySamples, experiments: [Experiment], business: MetricDefinition, metrics: MetricSet,
    _ options: ProxyOptions
  ) {
    let proxies = metrics.metrics.filter { $0.mayStand(for: business) }
    let judge = ProxyJudge(
      samples, experiments: experiments, business: business, proxies: proxies, options)
    let candidates = judge.candidates().sorted { $0.rank > $1.rank }
    let segments = judge.series.segments.filter { $0.value[.impressions] >= ProxyOptions.impressionCountMin }
      .sorted { ($1.value[.impressions], $0.key) < ($0.value[.impressions], $1.key) }
    self.business = business.name
    bucket = samples.bucket
    bucketCount = judge.buckets.count
    comparisonCount = judge.comparisonCount
    confidence = options.confidence
    relativeEffect = options.relativeEffect
    businessUnitsPerArm = judge.unitsPerArm(business)
    self.candidates = candidates
    segmentField = samples.days.segments?.field
    self.segments = segments.map { index, sums in
      Segment(
        name: samples.days.segments?.names[index] ?? "", impressionCount: Int(sums[.impressions]),
        business: business.value(sums), proxies: candidates.map { $0.proxy.value(sums) })
    }
    recommendation = ""
    recommendation = recommend(business)
  }
}

extension MetricDefinition {
  /// The goal's own sums make no proxy: they come as late and as noisy as it does.
  fileprivate func mayStand(for goal: MetricDefinition) -> Bool {
    role != .goal && Set(numerator.factors.keys).isDisjoint(with: goal.numerator.factors.keys)
  }

  /// `nil` where it is undefined.
  func value(_ sums: MetricSums) -> Double? {
    let denominator = denominator(sums)
    return denominator == 0 ? nil : numerator(sums) / denominator
  }

  /// The value with the better side up; `nil` where it is undefined.
  func goodness(_ sums: MetricSums) -> Double? {
    value(sums).map { direction == .up ? $0 : -$0 }
  }
}
