import Events
import GRDB

/// Keeps the sums behind the views `hourly` and `daily` in step with the join.
///
/// It has a cursor of its own, which moves in one transaction with the sums: a kill loses and doubles nothing, and the
/// join isn't held up by it. A click counts once both it and its impression are passed, in whichever order they came.
public struct TrafficSums: Sendable {
  private let store: Store

  /// Offsets that are summed in one transaction.
  static let stepOffsetCount: Int64 = 20_000

  public init(_ store: Store) {
    self.store = store
  }

  /// Sums what was joined since the last call.
  public func catchUp() throws {
    while try !step() {}
  }

  /// Sums the next rows; true when there is no more.
  func step() throws -> Bool {
    try store.writer.writeWithoutTransaction { db in
      var isCaughtUp = false
      try db.inTransaction(.immediate) {
        let joined = try JoinCursor.load(db).offset
        let cursor = try TrafficCursor.load(db)
        let end = min(joined, cursor.summedThrough + Self.stepOffsetCount)
        if end > cursor.summedThrough {
          try TrafficSQL.add(db, after: cursor.summedThrough, through: end, keptThrough: cursor.keptThrough)
          try db.execute(sql: "UPDATE traffic_cursor SET summed_through = ?", arguments: [end])
        }
        isCaughtUp = end >= joined
        return .commit
      }
      return isCaughtUp
    }
  }
}

/// How far the sums have come.
struct TrafficCursor {
  /// Log offset of the last row that is summed.
  let summedThrough: Int64
  /// Rows up to this log offset were deleted; of them only the sums are kept.
  let keptThrough: Int64

  static func load(_ db: Database) throws -> TrafficCursor {
    let row = try Row.fetchOne(db, sql: "SELECT summed_through, kept_through FROM traffic_cursor")
    return TrafficCursor(summedThrough: row?[0] ?? 0, keptThrough: row?[1] ?? 0)
  }
}
