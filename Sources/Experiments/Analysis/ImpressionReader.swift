import Events
import GRDB

/// Reads live impressions in the order of their ids, each with what followed it, in one pass over the store's views.
///
/// Outcomes are read by a second cursor that ascends with the first (a merge join), so memory doesn't grow with the number
/// of rows; SQLite sorts the joined clicks and conversions, and may do so on disk.
struct ImpressionReader {
  let database: Database
  let period: Range<Milliseconds>
  /// Offsets that can hold impressions of the period.
  private let ids: ClosedRange<Int64>

  /// How far an impression's own time may lie from that of its arrival.
  private static let disorder = Milliseconds.day

  init(database: Database, period: Range<Milliseconds>) throws {
    self.database = database
    self.period = period
    let last = try Int64.fetchOne(database, sql: "SELECT max(id) FROM impressions") ?? 0
    let start = period.lowerBound.subtractingReportingOverflow(Self.disorder)
    let end = period.upperBound.addingReportingOverflow(Self.disorder)
    ids =
      max(
        1, start.overflow ? 1 : try Self.firstID(receivedAt: start.partialValue, last: last, database))...max(
        1, end.overflow ? last : try Self.firstID(receivedAt: end.partialValue, last: last, database))
  }

  /// One impression of the period; only valid during the call.
  struct Impression {
    fileprivate let row: Row
    let outcome: Outcome

    var time: Milliseconds { row[1] }
    var user: String { row[2] }
    var decision: String { row[3] }
    var experiments: String { row[4] }
    var predictedCTR: Double { row[5] }
  }

  /// Calls `body` for each impression of the period. Times are those of the impression, also for what followed it.
  func forEach(_ body: (Impression) throws -> Void) throws {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT id, time_ms, user, decision, experiments, ctr FROM impressions
        WHERE id BETWEEN ? AND ? AND traffic = 'live' AND time_ms >= ? AND time_ms < ? ORDER BY id
        """,
      arguments: [ids.lowerBound, ids.upperBound, period.lowerBound, period.upperBound])
    var outcomes = try OutcomeCursor(database, ids)
    while let row = try rows.next() {
      try body(Impression(row: row, outcome: try outcomes.next(impression: row[0])))
    }
  }

  /// The first id that was received at a time or later, by bisection: ids are offsets of the log, which is in the order of
  /// arrival.
  private static func firstID(receivedAt time: Milliseconds, last: Int64, _ database: Database) throws -> Int64 {
    let next = try database.cachedStatement(
      sql: "SELECT received_ms FROM impressions WHERE id >= ? ORDER BY id LIMIT 1")
    var (low, high) = (Int64(0), last)
    while low < high {
      let middle = low + (high - low) / 2
      let received = try Milliseconds.fetchOne(next, arguments: [middle]) ?? .max
      if received < time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// Joined clicks and conversions in the order of their impressions.
private struct OutcomeCursor {
  private let rows: RowCursor
  private var pending: (impression: Int64, outcome: Outcome)?

  init(_ database: Database, _ ids: ClosedRange<Int64>) throws {
    let joined = "traffic = 'live' AND fate = 'joined' AND impression_id BETWEEN ? AND ?"
    rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT impression_id, 1.0, price, 0.0, 0.0 FROM clicks WHERE \(joined)
        UNION ALL
        SELECT impression_id, 0.0, 0.0, 1.0, coalesce(value, 0.0) FROM conversions WHERE \(joined)
        ORDER BY 1
        """,
      arguments: [ids.lowerBound, ids.upperBound, ids.lowerBound, ids.upperBound])
    try advance()
  }

  /// The sum of what followed the impression, whose id must not be below that of the call before.
  mutating func next(impression: Int64) throws -> Outcome {
    var sum = Outcome()
    while let (id, outcome) = pending, id <= impression {
      if id == impression { sum += outcome }
      try advance()
    }
    return sum
  }

  private mutating func advance() throws {
    pending = try rows.next().map { row in
      let outcome = Outcome(clickCount: row[1], revenue: row[2], conversionCount: row[3], conversionValue: row[4])
      return (row[0], outcome)
    }
  }
}
