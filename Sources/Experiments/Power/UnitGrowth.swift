import Statistics

/// What units had done after one day, two days, … of a period.
struct UnitGrowth {
  /// Days of the period.
  let dayCount: Int
  /// By day: units seen through it.
  let unitCounts: [Int]
  /// By metric and day: all that the units had done through it.
  let ratios: [[RatioMetric?]]

  init(_ days: UnitDays, metrics: [MetricDefinition]) {
    let first = days.rows.lazy.map(\.day).min() ?? 0
    let dayCount = days.rows.isEmpty ? 0 : Int((days.lastDay ?? first) - first) + 1
    self.dayCount = dayCount
    var counts = [Int](repeating: 0, count: dayCount)
    for unit in 0..<days.unitCount { counts[Int(days.rows[days.range(of: unit).lowerBound].day - first)] += 1 }
    for day in counts.indices.dropFirst() { counts[day] += counts[day - 1] }
    unitCounts = counts
    let total = days.rows.reduce(into: MetricSums()) { $0 += $1.sums }
    ratios = metrics.map { metric in
      var sums = total
      sums[.users] = Double(days.unitCount)
      let denominator = metric.denominator(sums)
      var ratios = [RunningRatio](
        repeating: RunningRatio(base: denominator == 0 ? 0 : metric.numerator(sums) / denominator), count: dayCount)
      for unit in 0..<days.unitCount { Self.add(days.rows(of: unit), metric, first: first, to: &ratios) }
      for day in ratios.indices.dropFirst() { ratios[day] += ratios[day - 1] }
      return ratios.map(\.metric)
    }
  }

  private static func add(
    _ rows: ArraySlice<UnitDays.Row>, _ metric: MetricDefinition, first: Int32, to ratios: inout [RunningRatio]
  ) {
    var sums = MetricSums()
    sums[.users] = 1
    var known = (x: 0.0, y: 0.0)
    if let row = rows.first { ratios[Int(row.day - first)].addUnit() }
    for row in rows {
      sums += row.sums
      let now = (x: metric.denominator(sums), y: metric.numerator(sums))
      ratios[Int(row.day - first)].move(from: known, to: now)
      known = now
    }
  }
}
