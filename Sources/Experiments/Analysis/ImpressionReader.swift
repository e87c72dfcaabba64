import Events
import GRDB

/// Reads live impressions in the order of their ids, each with what followed it, in one pass over the store's views.
///
/// Outcomes are read by a second cursor that ascends with the first (a merge join), so memory doesn't grow with the number
/// of rows; SQLite sorts the joined clicks and conversions, and may do so on disk.
struct ImpressionReader {
  let database: Database
  let period: Range<Milliseconds>

  /// Calls `body` for each impression of the period with a row of `time_ms` followed by the given columns.
  ///
  /// The row is only valid during the call. Times are those of the impression, also for what followed it.
  func forEach(_ columns: [String], _ body: (Row, Outcome) throws -> Void) throws {
    let selected = (["id", "time_ms"] + columns).joined(separator: ", ")
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT \(selected) FROM impressions
        WHERE traffic = 'live' AND time_ms >= ? AND time_ms < ? ORDER BY id
        """,
      arguments: [period.lowerBound, period.upperBound])
    var outcomes = try OutcomeCursor(database)
    while let row = try rows.next() {
      try body(row, try outcomes.next(impression: row[0]))
    }
  }

  /// Index of the first of the given columns in the row of ``forEach(_:_:)``.
  static let firstColumn = 2
  static let timeColumn = 1
}

/// Joined clicks and conversions in the order of their impressions.
private struct OutcomeCursor {
  private let rows: RowCursor
  private var pending: (impression: Int64, outcome: Outcome)?

  init(_ database: Database) throws {
    let joined = "traffic = 'live' AND fate = 'joined' AND impression_id IS NOT NULL"
    rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT impression_id, 1.0, price, 0.0, 0.0 FROM clicks WHERE \(joined)
        UNION ALL
        SELECT impression_id, 0.0, 0.0, 1.0, coalesce(value, 0.0) FROM conversions WHERE \(joined)
        ORDER BY 1
        """)
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
