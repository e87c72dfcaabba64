/// What a run of traffic brought, beside what the world knows to be true.
public struct TrafficReport: Codable, Sendable, Equatable {
  /// Page views.
  public var requests = 0
  public var impressions = 0
  public var clicks = 0
  /// Σ price of the clicked ads.
  public var revenue = 0.0
  /// Σ of the server's predictions over the impressions.
  public var predictedClicks = 0.0
  /// Σ of the true probabilities over the impressions.
  public var trueClicks = 0.0

  public init(requests: Int = 0) {
    self.requests = requests
  }

  /// Clicks an impression; `nil` without impressions.
  public var ctr: Double? { ratio(Double(clicks), Double(impressions)) }
  /// Revenue of a thousand page views.
  public var revenuePerMille: Double? { ratio(1000 * revenue, Double(requests)) }
  /// Predicted over true clicks: 1 is right.
  public var calibration: Double? { ratio(predictedClicks, trueClicks) }

  mutating func add(predicted: Double, truth: Double, price: Double, isClicked: Bool) {
    impressions += 1
    predictedClicks += predicted
    trueClicks += truth
    guard isClicked else { return }
    clicks += 1
    revenue += price
  }

  mutating func add(_ other: TrafficReport) {
    requests += other.requests
    impressions += other.impressions
    clicks += other.clicks
    revenue += other.revenue
    predictedClicks += other.predictedClicks
    trueClicks += other.trueClicks
  }

  private func ratio(_ numerator: Double, _ denominator: Double) -> Double? {
    denominator > 0 ? numerator / denominator : nil
  }
}
