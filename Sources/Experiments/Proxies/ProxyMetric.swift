/// What moves at once and might stand in for the business metric.
public enum ProxyMetric: String, Codable, Sendable, CaseIterable {
  case ctr
  /// Mean CTR that the model predicted for the impressions.
  case predictedCTR
  case pricePerClick
  /// Conversions per click.
  case conversionRate

  var title: String {
    switch self {
    case .ctr: "CTR"
    case .predictedCTR: "predicted CTR"
    case .pricePerClick: "price per click"
    case .conversionRate: "conversions per click"
    }
  }
}

/// What happened in an hour, a day or a segment.
struct ProxySums {
  var impressionCount = 0.0
  var predictedClickCount = 0.0
  var outcome = Outcome()

  /// Revenue per thousand impressions, the business metric; `nil` without impressions.
  var business: Double? {
    impressionCount > 0 ? 1000 * outcome.revenue / impressionCount : nil
  }

  func value(_ proxy: ProxyMetric) -> Double? {
    switch proxy {
    case .ctr: ratio(outcome.clickCount, impressionCount)
    case .predictedCTR: ratio(predictedClickCount, impressionCount)
    case .pricePerClick: ratio(outcome.revenue, outcome.clickCount)
    case .conversionRate: ratio(outcome.conversionCount, outcome.clickCount)
    }
  }

  static func += (left: inout ProxySums, right: ProxySums) {
    left.impressionCount += right.impressionCount
    left.predictedClickCount += right.predictedClickCount
    left.outcome += right.outcome
  }

  private func ratio(_ numerator: Double, _ denominator: Double) -> Double? {
    denominator > 0 ? numerator / denominator : nil
  }
}
