import Statistics

/// What the units of one arm did on one day.
struct DayMoments {
  private(set) var unitCount = 0
  private var ctr = PairedMoments()
  private var revenue = PairedMoments()

  /// The metrics that are followed by day.
  static let metrics: [Metric] = [.ctr, .revenuePerUnit]

  mutating func add(_ sums: UnitSums) {
    unitCount += 1
    ctr.add(x: Metric.ctr.denominator(sums), y: Metric.ctr.numerator(sums, cap: .infinity))
    revenue.add(x: 1, y: sums.revenue)
  }

  /// One of ``metrics``; `nil` where it is undefined.
  func ratio(_ metric: Metric) -> RatioMetric? {
    RatioMetric(metric == .ctr ? ctr : revenue)
  }
}
