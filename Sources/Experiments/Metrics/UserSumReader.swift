import GRDB

/// Reads the sums that the store keeps of users, one user after the other, in memory that doesn't depend on their number.
struct UserSumReader {
  let database: Database
  /// Days since 1970 UTC that are read.
  let days: ClosedRange<Int64>

  /// Calls `body` with each user's sums by set of arms (its id in `arms_name`), `users` being 1 in each.
  func forEachUser(_ body: ([(arms: Int64, sums: MetricSums)]) throws -> Void) throws {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT user_id, arms_id, \(MetricSums.columns.joined(separator: ", ")) FROM user_day_sum
        WHERE day BETWEEN ? AND ? ORDER BY user_id
        """, arguments: [days.lowerBound, days.upperBound])
    var user: Int64?
    var found: [(arms: Int64, sums: MetricSums)] = []
    while let row = try rows.next() {
      if let user, user != row[0] {
        try body(found)
        found.removeAll(keepingCapacity: true)
      }
      user = row[0]
      let arms: Int64 = row[1]
      let sums = MetricSums(row, from: 2)
      if let index = found.firstIndex(where: { $0.arms == arms }) {
        found[index].sums += sums
        found[index].sums[.users] = 1
      } else {
        found.append((arms, sums))
      }
    }
    if !found.isEmpty { try body(found) }
  }

  /// The sets of arms by id, as JSON texts.
  static func arms(_ database: Database) throws -> [Int64: String] {
    let rows = try Row.fetchAll(database, sql: "SELECT id, experiments FROM arms_name")
    return Dictionary(rows.map { ($0[0], $0[1]) }) { $1 }
  }
}

extension MetricSums {
  /// The columns of `user_day_sum` that ``init(_:from:)`` reads, in their order.
  static let columns = [
    "decisions", "impressions", "visits", "predicted_nanos", "clicks", "revenue_micros", "conversions", "value_micros",
    "sampled_requests", "asked_slots", "filled_slots", "latency_micros",
  ]

  /// The sums of ``columns`` from that index of the row on; `users` is 1.
  init(_ row: Row, from index: Int) {
    self.init()
    self[.users] = 1
    self[.decisions] = row[index]
    self[.impressions] = row[index + 1]
    self[.visits] = row[index + 2]
    self[.predictedClicks] = row[index + 3] / 1e9
    self[.clicks] = row[index + 4]
    self[.revenue] = row[index + 5] / 1e6
    self[.conversions] = row[index + 6]
    self[.conversionValue] = row[index + 7] / 1e6
    self[.sampledRequests] = row[index + 8]
    self[.askedSlots] = row[index + 9]
    self[.filledSlots] = row[index + 10]
    self[.latencyMilliseconds] = row[index + 11] / 1e3
  }
}
