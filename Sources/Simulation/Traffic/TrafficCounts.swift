/// What happened in some time of a run, as the world saw it, beside what is true.
public struct TrafficCounts: Codable, Sendable, Equatable {
  /// Page views that were answered, those of machines among them.
  public var requests = 0
  public var botRequests = 0
  /// Page views that the server turned away.
  public var failedRequests = 0
  /// Answers with an ad.
  public var filledRequests = 0
  public var servedAds = 0
  /// Ads that the world's catalog doesn't have.
  public var unknownAds = 0
  /// Ads that were shown, and clicks and conversions, whether or not their beacons arrived.
  public var impressions = 0
  public var clicks = 0
  public var conversions = 0
  public var conversionValue = 0.0
  /// Σ price of the clicked ads.
  public var revenue = 0.0
  /// Σ of the server's predictions over the impressions.
  public var predictedClicks = 0.0
  /// Σ of the true probabilities over the impressions.
  public var trueClicks = 0.0
  /// Events whose beacons were lost.
  public var lostEvents = 0
  /// What the server said of the events.
  public var acceptedEvents = 0
  public var duplicateEvents = 0
  public var rejectedEvents = 0
  /// The first reason of a rejection.
  public var rejection: String?
  /// What the answers were worth beside what was possible, on a sample.
  public var comparison = Comparison()

  /// Answers whose truth was looked at, and what others would have chosen for the same views.
  public struct Comparison: Codable, Sendable, Equatable {
    public var requests = 0
    var own = Oracle.Worth()
    var best = Oracle.Worth()
    var reachable = Oracle.Worth()
    var random = Oracle.Worth()

    mutating func add(own worth: Oracle.Worth, _ choices: Oracle.Choices) {
      requests += 1
      own += worth
      best += choices.best
      reachable += choices.reachable
      random += choices.random
    }

    mutating func add(_ other: Comparison) {
      requests += other.requests
      own += other.own
      best += other.best
      reachable += other.reachable
      random += other.random
    }

    /// Mean value that the answer lost against the best choice: Σ (bid × true probability), a request.
    public var regret: Double? { ratio(best.value - own.value, Double(requests)) }
  }

  public init() {}

  /// Share of the requests that got an ad.
  public var fill: Double? { ratio(Double(filledRequests), Double(requests)) }
  /// Clicks an impression; `nil` without impressions.
  public var ctr: Double? { ratio(Double(clicks), Double(impressions)) }
  /// Revenue of a thousand page views.
  public var revenuePerMille: Double? { ratio(1000 * revenue, Double(requests)) }
  /// Predicted over true clicks: 1 is right.
  public var calibration: Double? { ratio(predictedClicks, trueClicks) }

  /// Counts an ad that was shown; `price` is what its click cost, `nil` without one.
  mutating func add(predicted: Double, truth: Double, price: Double?) {
    impressions += 1
    predictedClicks += predicted
    trueClicks += truth
    guard let price else { return }
    clicks += 1
    revenue += price
  }

  mutating func add(_ other: TrafficCounts) {
    requests += other.requests
    botRequests += other.botRequests
    failedRequests += other.failedRequests
    filledRequests += other.filledRequests
    servedAds += other.servedAds
    unknownAds += other.unknownAds
    impressions += other.impressions
    clicks += other.clicks
    conversions += other.conversions
    conversionValue += other.conversionValue
    revenue += other.revenue
    predictedClicks += other.predictedClicks
    trueClicks += other.trueClicks
    lostEvents += other.lostEvents
    acceptedEvents += other.acceptedEvents
    duplicateEvents += other.duplicateEvents
    rejectedEvents += other.rejectedEvents
    rejection = rejection ?? other.rejection
    comparison.add(other.comparison)
  }
}

/// `nil` for a denominator that isn't above 0.
func ratio(_ numerator: Double, _ denominator: Double) -> Double? {
  denominator > 0 ? numerator / denominator : nil
}
