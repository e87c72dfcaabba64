/// A rate that is forecast for every cell: the factors of revenue and, besides them, predicted clicks per impression.
enum RevenueSignal: Int, CaseIterable {
  case requests, fill, render, prediction, ctr, price

  /// `nil` for predictions, which are no factor of revenue.
  var factor: RevenueFactor? {
    switch self {
    case .requests: .requests
    case .fill: .fill
    case .render: .render
    case .prediction: nil
    case .ctr: .ctr
    case .price: .price
    }
  }

  static var factors: [(signal: Self, factor: RevenueFactor)] {
    allCases.compactMap { signal in signal.factor.map { (signal, $0) } }
  }

  var numerator: RevenueMeasure {
    switch self {
    case .requests: .requests
    case .fill: .filled
    case .render: .impressions
    case .prediction: .predictedClicks
    case .ctr: .clicks
    case .price: .revenue
    }
  }

  /// `nil` for requests, which are a count and not a rate.
  var denominator: RevenueMeasure? {
    switch self {
    case .requests: nil
    case .fill: .requests
    case .render: .filled
    case .prediction, .ctr: .impressions
    case .price: .clicks
    }
  }

  /// What moves in proportion when the numerator does, from the numerator on down the funnel.
  var downstream: [RevenueMeasure] {
    switch self {
    case .requests: [.requests, .filled, .impressions, .predictedClicks, .clicks, .revenue]
    case .fill: [.filled, .impressions, .predictedClicks, .clicks, .revenue]
    case .render: [.impressions, .predictedClicks, .clicks, .revenue]
    case .prediction: [.predictedClicks]
    case .ctr: [.clicks, .revenue]
    case .price: [.revenue]
    }
  }
}
