/// A column of `RevenueMeasures`.
enum RevenueMeasure: Int, CaseIterable {
  case requests, filled, impressions, clicks, revenue, predictedClicks

  var path: KeyPath<RevenueMeasures, Double> {
    switch self {
    case .requests: \.requests
    case .filled: \.filled
    case .impressions: \.impressions
    case .clicks: \.clicks
    case .revenue: \.revenue
    case .predictedClicks: \.predictedClicks
    }
  }
}
