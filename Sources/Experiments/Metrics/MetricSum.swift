/// What is summed for each user: the words that the definitions of metrics are made of.
///
/// The raw value is the name in `config/metrics.yaml`.
public enum MetricSum: String, Codable, Sendable, CaseIterable {
  /// 1 for everybody who was seen (in an experiment by request: for each request).
  case users
  /// Ads that were on screen.
  case impressions
  /// Page views with an ad on screen.
  case decisions
  /// Page views after 30 minutes or more without one.
  case visits
  case clicks
  /// Sum of the click probabilities that were predicted for the impressions.
  case predictedClicks = "predicted_clicks"
  /// Price of the clicks, in currency units.
  case revenue
  case conversions
  /// In currency units.
  case conversionValue = "conversion_value"
  /// Requests that were kept whole, a random share of all (`ranking.decision_sample_share`). The three sums below are
  /// over them, so divide those only by one another.
  case sampledRequests = "sampled_requests"
  /// Ads that sampled requests asked for.
  case askedSlots = "asked_slots"
  /// Ads that sampled requests got.
  case filledSlots = "filled_slots"
  /// Time that sampled requests took to answer, in milliseconds.
  case latencyMilliseconds = "latency_milliseconds"

  /// Its place in ``MetricSums``.
  var index: Int {
    switch self {
    case .users: 0
    case .impressions: 1
    case .decisions: 2
    case .visits: 3
    case .clicks: 4
    case .predictedClicks: 5
    case .revenue: 6
    case .conversions: 7
    case .conversionValue: 8
    case .sampledRequests: 9
    case .askedSlots: 10
    case .filledSlots: 11
    case .latencyMilliseconds: 12
    }
  }

  /// Whether it is an amount in the bids' currency.
  var isMoney: Bool { self == .revenue || self == .conversionValue }
}

/// Every ``MetricSum`` of one user, or of many together.
public struct MetricSums: Sendable, Equatable {
  var values = SIMD16<Double>()

  public init() {}

  public subscript(sum: MetricSum) -> Double {
    get { values[sum.index] }
    set { values[sum.index] = newValue }
  }

  public static func += (left: inout MetricSums, right: MetricSums) {
    left.values += right.values
  }
}
