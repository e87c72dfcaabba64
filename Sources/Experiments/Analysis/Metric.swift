import Statistics

/// What an experiment is judged by: a ratio of two sums over units.
public enum Metric: String, Codable, Sendable, CaseIterable {
  /// Clicks per impression: the proxy metric.
  case ctr
  /// Price of the joined clicks per user (or request) with an impression: the business metric.
  case revenuePerUnit
  /// Revenue per thousand impressions.
  case revenuePerThousand
  /// Value of the joined conversions per user (or request) with an impression.
  case conversionValuePerUnit

  /// What the numbers are multiplied with for people to read.
  var scale: Double { self == .revenuePerThousand ? 1000 : 1 }

  /// Whether a single unit can be worth so much that sums need a cap.
  var isMoney: Bool { self != .ctr }

  func title(_ unit: Experiment.Unit) -> String {
    switch self {
    case .ctr: "CTR"
    case .revenuePerUnit: "revenue per \(unit.rawValue)"
    case .revenuePerThousand: "revenue per 1000 impressions"
    case .conversionValuePerUnit: "conversion value per \(unit.rawValue)"
    }
  }

  /// What a unit adds to the numerator, at most `cap`.
  func numerator(_ sums: UnitSums, cap: Double) -> Double {
    switch self {
    case .ctr: Double(sums.clickCount)
    case .revenuePerUnit, .revenuePerThousand: min(sums.revenue, cap) * scale
    case .conversionValuePerUnit: min(sums.conversionValue, cap)
    }
  }

  /// What a unit adds to the denominator.
  func denominator(_ sums: UnitSums) -> Double {
    switch self {
    case .ctr, .revenuePerThousand: Double(sums.impressionCount)
    case .revenuePerUnit, .conversionValuePerUnit: 1
    }
  }
}
