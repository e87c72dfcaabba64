/// What alerts are about: a count, or a ratio of two.
public enum AlertSignal: String, Sendable, Codable, CaseIterable {
  case requests, fill, impressions, ctr, price, revenue
  case orphanClicks = "orphan_clicks"
  case invalidEvents = "invalid_events"

  var words: String {
    switch self {
    case .requests: "requests"
    case .fill: "fill rate"
    case .impressions: "impressions"
    case .ctr: "CTR"
    case .price: "price of a click"
    case .revenue: "revenue"
    case .orphanClicks: "share of clicks without an impression"
    case .invalidEvents: "share of events that never count"
    }
  }

  /// Is only more of it bad?
  var isFaultShare: Bool { self == .orphanClicks || self == .invalidEvents }

  func numerator(_ sums: TrafficMeasures) -> Double {
    switch self {
    case .requests: sums.requests
    case .fill: sums.filled
    case .impressions: sums.impressions
    case .ctr: sums.clicks
    case .price, .revenue: sums.revenue
    case .orphanClicks: sums.orphans
    case .invalidEvents: sums.invalid
    }
  }

  /// `nil` for a count.
  func denominator(_ sums: TrafficMeasures) -> Double? {
    switch self {
    case .requests, .impressions, .revenue: nil
    case .fill: sums.asked
    case .ctr: sums.impressions
    case .price: sums.clicks
    case .orphanClicks: sums.clicks + sums.orphans
    case .invalidEvents: sums.impressions + sums.clicks + sums.invalid
    }
  }

  /// Things that were counted, on whose number the noise depends.
  func events(_ sums: TrafficMeasures) -> Double {
    switch self {
    case .revenue: sums.clicks
    default: denominator(sums) ?? numerator(sums)
    }
  }

  /// Variance of the numerator by counting, when `expected` is its mean and things are as in `usual`.
  func variance(expected: Double, sums: TrafficMeasures, usual: TrafficMeasures) -> Double {
    let squaredPrice = usual.clicks > 0 ? usual.squaredPrices / usual.clicks : 0
    let price = usual.clicks > 0 ? usual.revenue / usual.clicks : 0
    switch self {
    case .requests, .impressions, .ctr: return expected
    case .fill, .orphanClicks, .invalidEvents:
      // At least of a single event, where nothing ever failed.
      return max(1, expected * (1 - expected / max(denominator(sums) ?? 0, .leastNormalMagnitude)))
    case .price: return sums.clicks * max(squaredPrice - price * price, 1e-4 * squaredPrice)
    case .revenue: return usual.clicks * squaredPrice
    }
  }
}
