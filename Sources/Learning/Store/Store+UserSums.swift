import Events
import GRDB

extension Store {
  /// What each user did on each day in each set of arms, so that experiments are analysed without reading single events.
  ///
  /// Only live traffic of known users. A row belongs to the UTC day and the arms of the *impression*, with its clicks and
  /// conversions whenever they come; sampled requests belong to their own. Money is kept in millionths of a currency unit,
  /// predicted CTR in billionths and latency in microseconds, as whole numbers: sums don't depend on their order.
  static let userSumTables = [
    // `last_ms` is the time of the newest impression, by which visits are told apart.
    "CREATE TABLE unit_name (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, last_ms INTEGER NOT NULL)",
    // The column `experiments` of an impression: JSON of arm by experiment.
    "CREATE TABLE arms_name (id INTEGER PRIMARY KEY, experiments TEXT NOT NULL UNIQUE)",
    """
    CREATE TABLE user_day_sum (
      user_id INTEGER NOT NULL, day INTEGER NOT NULL, arms_id INTEGER NOT NULL,
      \(userSumColumns.map { "\($0) INTEGER NOT NULL" }.joined(separator: ", ")),
      PRIMARY KEY (user_id, day, arms_id)) WITHOUT ROWID
    """,
    "CREATE TABLE user_sum_cursor (id INTEGER PRIMARY KEY CHECK (id = 1), summed_through INTEGER NOT NULL)",
    "INSERT INTO user_sum_cursor (id, summed_through) VALUES (1, 0)",
    """
    CREATE VIEW user_daily AS SELECT name AS user, day * 86400000 AS day_ms, experiments, decisions, impressions, visits,
      predicted_nanos / 1e9 AS predicted_clicks, clicks, revenue_micros / 1e6 AS revenue, conversions,
      value_micros / 1e6 AS conversion_value, sampled_requests, asked_slots, filled_slots,
      latency_micros / 1e3 AS latency_milliseconds
      FROM user_day_sum JOIN unit_name ON unit_name.id = user_id JOIN arms_name ON arms_name.id = arms_id
    """,
  ]

  /// The sums, in the order of ``UserDay/sums``.
  static let userSumColumns = [
    "decisions", "impressions", "visits", "predicted_nanos", "clicks", "revenue_micros", "conversions", "value_micros",
    "sampled_requests", "asked_slots", "filled_slots", "latency_micros",
  ]

  static func emptyUserSums(_ db: Database) throws {
    for table in ["user_day_sum", "unit_name", "arms_name"] { try db.execute(sql: "DELETE FROM \(table)") }
    try db.execute(sql: "UPDATE user_sum_cursor SET summed_through = 0")
  }

  /// Deletes what a user did.
  static func eraseUserSums(_ db: Database, of user: String) throws {
    let id = "(SELECT id FROM unit_name WHERE name = ?)"
    try db.execute(sql: "DELETE FROM user_day_sum WHERE user_id = \(id)", arguments: [user])
    try db.execute(sql: "DELETE FROM unit_name WHERE name = ?", arguments: [user])
  }

  /// Deletes whole days before `time`, and users of whom nothing else is known.
  static func forgetUserSums(_ db: Database, before time: Milliseconds) throws {
    try db.execute(sql: "DELETE FROM user_day_sum WHERE day < ?", arguments: [UserDay.day(of: time)])
    try db.execute(
      sql: """
        DELETE FROM unit_name WHERE last_ms < ? AND NOT EXISTS (SELECT 1 FROM user_day_sum WHERE user_id = unit_name.id)
        """, arguments: [time])
  }
}

/// What one user did on one day in one set of arms.
struct UserDay {
  struct Key: Hashable {
    let user: Int64
    /// Days since 1970 UTC.
    let day: Int64
    let arms: Int64
  }

  /// In the order of ``Store/userSumColumns``.
  enum Sum: Int, CaseIterable {
    case decisions, impressions, visits, predictedNanos, clicks, revenueMicros, conversions, valueMicros
    case sampledRequests, askedSlots, filledSlots, latencyMicros
  }

  /// Sums that don't overflow, whatever they are given: they stop at the ends of their range.
  private(set) var sums = [Int64](repeating: 0, count: Sum.allCases.count)

  mutating func add(_ amount: Int64, to sum: Sum) {
    let (total, overflows) = sums[sum.rawValue].addingReportingOverflow(amount)
    sums[sum.rawValue] = overflows ? (amount > 0 ? .max : .min) : total
  }

  static func day(of time: Milliseconds) -> Int64 {
    let (day, rest) = time.quotientAndRemainder(dividingBy: 86_400_000)
    return rest < 0 ? day - 1 : day
  }
}
