import Events
import GRDB

/// How far the join has come; all that it knows beside the joined rows.
struct JoinCursor: Equatable {
  /// Offset of the last joined event.
  var offset: Int64 = 0
  /// Latest receive time of all events so far: the clock of the join.
  var clock: Milliseconds = 0
  /// Latest event time of all live events that count so far, none of which counts as later than it was received, but for
  /// ``JoinConfiguration/watermarkLeadSeconds``.
  var watermark: Milliseconds = 0

  static func load(_ db: Database) throws -> JoinCursor {
    let sql = "SELECT log_offset, log_clock_ms, watermark_ms FROM join_cursor"
    guard let row = try Row.fetchOne(try db.cachedStatement(sql: sql)) else { return JoinCursor() }
    return JoinCursor(offset: row[0], clock: row[1], watermark: row[2])
  }

  func save(_ db: Database) throws {
    let sql =
      "INSERT OR REPLACE INTO join_cursor (id, log_offset, log_clock_ms, watermark_ms) VALUES (1, ?, ?, ?)"
    try db.cachedStatement(sql: sql).execute(binding: offset, clock, watermark)
  }

  /// Takes note of an event that is about to be joined.
  mutating func advance(to offset: Int64, received: Milliseconds) {
    self.offset = offset
    clock = max(clock, received)
  }
}
