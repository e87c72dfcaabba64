import Events
import GRDB

extension UnitDays.Builder {
  /// Whole days from the sums that the store keeps.
  mutating func addSums(in database: Database, _ period: UnitDays.Period, _ indices: inout UnitIndices) throws {
    let arms = try UserSumReader.arms(database).mapValues { self.arms($0) }
    let none = self.arms("{}")
    let broken = period.brokenDays.map(String.init).joined(separator: ", ")
    let rows = try GRDB.Row.fetchCursor(
      database,
      sql: """
        SELECT user_id, day, arms_id, \(MetricSums.columns.joined(separator: ", "))
        FROM user_day_sum WHERE day >= ? AND day <= ? AND day NOT IN (\(broken))
        """,
      arguments: [period.from.dayIndex, (period.until - 1).dayIndex])
    let sinceDay = period.since.dayIndex
    while let row = try rows.next() {
      let day: Int = row[1]
      let place = day < sinceDay ? none : arms[row[2]] ?? none
      try add(unit: indices.index(user: row[0]), day: Int32(clamping: day), arms: place) {
        $0 += MetricSums(row, from: 3)
        // Told of whole analyses, not of days.
        $0[.users] = 0
      }
    }
  }

  /// A period from single impressions; sampled requests aren't among them.
  mutating func addImpressions(
    in database: Database, _ part: Range<Milliseconds>, _ period: UnitDays.Period, _ indices: inout UnitIndices
  ) throws {
    var decisions: Set<String> = []
    var latest: [Int: Milliseconds] = [:]
    try ImpressionReader(database: database, period: part).forEach { impression in
      let unit: Int
      if period.unit == .user {
        guard let user = try UnitIndices.id(ofUser: impression.user, in: database) else { return }
        unit = indices.index(user: user)
      } else {
        unit = indices.index(request: impression.decision)
      }
      let time = impression.time
      let isVisit = time >= (latest[unit] ?? .min / 2) + Self.visitPause
      latest[unit] = max(time, latest[unit] ?? .min)
      let isDecision = decisions.insert(impression.decision).inserted
      let arms = arms(time < period.since ? "{}" : impression.experiments)
      let bucket = period.bucket == .day ? time.dayIndex : Int(time / .hour)
      try add(unit: unit, day: Int32(clamping: bucket), arms: arms) { sums in
        sums.add(impression)
        if isVisit { sums[.visits] += 1 }
        if isDecision { sums[.decisions] += 1 }
      }
    }
  }

  /// So long without a page view ends a visit, as in the store's sums.
  private static let visitPause: Milliseconds = 30 * 60_000
}

extension MetricSums {
  fileprivate mutating func add(_ impression: ImpressionReader.Impression) {
    self[.impressions] += 1
    self[.predictedClicks] += impression.predictedCTR
    self[.clicks] += impression.outcome.clickCount
    self[.revenue] += impression.outcome.revenue
    self[.conversions] += impression.outcome.conversionCount
    self[.conversionValue] += impression.outcome.conversionValue
  }
}
