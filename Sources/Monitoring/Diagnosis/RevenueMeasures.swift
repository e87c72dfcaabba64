/// What one hour and combination of dimension values counted: the funnel, its money and its predictions.
public struct RevenueMeasures: Sendable, Equatable, Codable {
  public var requests: Double
  public var filled: Double
  public var impressions: Double
  public var clicks: Double
  /// Money charged for the clicks.
  public var revenue: Double
  /// The sum of the predicted click probabilities of the impressions; 0 when nothing predicts.
  public var predictedClicks: Double

  public init(
    requests: Double = 0, filled: Double = 0, impressions: Double = 0, clicks: Double = 0, revenue: Double = 0,
    predictedClicks: Double = 0
  ) {
    self.requests = requests
    self.filled = filled
    self.impressions = impressions
    self.clicks = clicks
    self.revenue = revenue
    self.predictedClicks = predictedClicks
  }

  var isValid: Bool {
    [requests, filled, impressions, clicks, revenue, predictedClicks].allSatisfy { $0.isFinite && $0 >= 0 }
  }

  static func += (sum: inout Self, term: Self) {
    sum.requests += term.requests
    sum.filled += term.filled
    sum.impressions += term.impressions
    sum.clicks += term.clicks
    sum.revenue += term.revenue
    sum.predictedClicks += term.predictedClicks
  }
}
