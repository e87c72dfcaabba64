import Statistics

/// Some quantities over the same hours or days, in ascending order.
struct BucketSeries {
  /// Hours or days since 1970; some may be missing.
  private(set) var keys: [Int64]
  private(set) var columns: [[Double]]

  /// The buckets in which every quantity is defined.
  init<Sums>(_ buckets: [Int64: Sums], _ quantities: [(Sums) -> Double?]) {
    let rows = buckets.sorted { $0.key < $1.key }.compactMap { key, sums -> (Int64, [Double])? in
      let values = quantities.compactMap { $0(sums) }
      return values.count == quantities.count ? (key, values) : nil
    }
    keys = rows.map(\.0)
    columns = quantities.indices.map { column in rows.map { $0.1[column] } }
  }

  /// What is left when the usual course is taken away.
  ///
  /// With three seasons or more: the least-squares fit of a mean for each place in the season (the hour of the day, the day
  /// of the week) and a straight trend. With fewer: the value of the bucket before, and buckets without one are left out.
  func adjusted(season: Int) -> BucketSeries {
    var result = self
    if keys.count >= 3 * season {
      let times = withoutSeason(keys.map { Double($0) }, Int64(season))
      result.columns = columns.map { column in
        Self.clean(Self.residuals(of: withoutSeason(column, Int64(season)), over: times), scale: column)
      }
    } else {
      let rows = keys.indices.dropFirst().filter { keys[$0 - 1] == keys[$0] - 1 }
      result.keys = rows.map { keys[$0] }
      result.columns = columns.map { column in Self.clean(rows.map { column[$0] - column[$0 - 1] }, scale: column) }
    }
    return result
  }

  private func withoutSeason(_ column: [Double], _ season: Int64) -> [Double] {
    var means: [Int64: Moments] = [:]
    for (key, value) in zip(keys, column) { means[key % season, default: Moments()].add(value) }
    return zip(keys, column).map { $1 - (means[$0 % season]?.mean ?? 0) }
  }

  /// What a line through the origin leaves; with both sides freed of the season, the joint fit leaves the same.
  private static func residuals(of values: [Double], over times: [Double]) -> [Double] {
    let square = times.reduce(0) { $0 + $1 * $1 }
    guard square > 0 else { return values }
    let slope = zip(times, values).reduce(0) { $0 + $1.0 * $1.1 } / square
    return zip(times, values).map { $1 - slope * $0 }
  }

  /// All 0 where nothing but rounding is left, so that a constant isn't correlated with anything.
  private static func clean(_ rest: [Double], scale: [Double]) -> [Double] {
    let largest = scale.reduce(0) { max($0, $1.magnitude) }
    return rest.allSatisfy { $0.magnitude <= 1e-9 * largest } ? rest.map { _ in 0 } : rest
  }
}
