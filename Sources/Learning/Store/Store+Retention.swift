import Events
import GRDB

extension Store {
  /// Offsets that are forgotten in one transaction, which the join has to wait for.
  private static let forgottenOffsetCount: Int64 = 20_000

  /// Deletes the rows of impressions that were received before `time`, with their clicks, conversions, examples, sampled
  /// decisions and counts of the minute. Their hourly and daily sums are kept, and so is what isn't about an ad.
  ///
  /// A copy of a deleted event would count again, so `time` must lie further back than events are accepted: by the clock of
  /// the join, which stands still while there is nothing to join.
  ///
  /// - parameter progress: told the offsets passed so far.
  /// - returns: the log offset through which rows are deleted, now or before.
  @discardableResult
  public func forget(receivedBefore time: Milliseconds, progress: (Int) -> Void = { _ in }) throws -> Int64 {
    try TrafficSums(self).catchUp()
    try UserSums(self).catchUp()
    let (start, end, first) = try reader.read { db in
      let cursor = try TrafficCursor.load(db)
      let end = min(cursor.summedThrough, try Self.boundary(db, after: cursor.keptThrough, before: time))
      let first = try Int64.fetchOne(db, sql: "SELECT min(id) FROM impression")
      return (cursor.keptThrough, max(cursor.keptThrough, end), first)
    }
    guard let first, first <= end else { return start }
    // After a rebuild, rows that were deleted before are there again; their sums are kept already.
    for (from, through, isNew) in [(first - 1, start, false), (max(start, first - 1), end, true)] {
      var last = from
      while last < through {
        let next = min(through, last + Self.forgottenOffsetCount)
        try forget(after: last, through: next, isNew: isNew)
        last = next
        progress(Int(last))
      }
    }
    try deleteExamples(through: end)
    try writer.write { db in
      try db.execute(sql: "DELETE FROM duplicate WHERE last_received_ms < ?", arguments: [time])
      try Self.forgetUserSums(db, before: time)
    }
    return end
  }

  private func forget(after start: Int64, through end: Int64, isNew: Bool) throws {
    try writer.write { db in
      if isNew {
        try TrafficSQL.keep(db, after: start, through: end)
        try db.execute(sql: "UPDATE traffic_cursor SET kept_through = ?", arguments: [end])
      }
      try Self.delete(db, after: start, through: end)
    }
  }

  /// The last offset before the first impression that was received at `time` or later.
  private static func boundary(_ db: Database, after offset: Int64, before time: Milliseconds) throws -> Int64 {
    let sql = "SELECT id FROM impression WHERE id > ? AND received_ms >= ? ORDER BY id LIMIT 1"
    if let first = try Int64.fetchOne(db, sql: sql, arguments: [offset, time]) { return first - 1 }
    return try Int64.fetchOne(db, sql: "SELECT max(id) FROM impression") ?? offset
  }

  private static func delete(_ db: Database, after start: Int64, through end: Int64) throws {
    for table in ["click", "conversion"] {
      let found = """
        SELECT \(table).id FROM impression JOIN \(table) ON \(table).decision = impression.decision
          AND \(table).slot = impression.slot AND \(table).impression_id = impression.id
        WHERE impression.id > \(start) AND impression.id <= \(end)
        UNION ALL SELECT id FROM \(table) WHERE id > \(start) AND id <= \(end) AND impression_id IS NULL
        """
      try delete(db, from: table, ids: found)
    }
    let kinds = [EventKind.decision, .traffic].map { "\($0.rawValue)" }.joined(separator: ", ")
    let range = "id > \(start) AND id <= \(end)"
    try db.execute(sql: "DELETE FROM control WHERE kind IN (\(kinds)) AND \(range)")
    for table in ["open_impression", "impression"] { try db.execute(sql: "DELETE FROM \(table) WHERE \(range)") }
  }

  /// Deletes rows of one table of events. What deleted clicks were billed is noted, for the comparison of the counted spend
  /// with the clicks that are there.
  static func delete(_ db: Database, from table: String, ids: String) throws {
    if table == "click" {
      try db.execute(
        sql: """
          INSERT INTO join_count (traffic, slot, kind, fate, count)
          SELECT traffic, slot, 'forgotten_micros', '', sum(CAST(round(price * 1e6) AS INTEGER)) FROM click
          WHERE id IN (\(ids)) AND fate = 'joined' AND traffic <> 'history' GROUP BY traffic, slot
          ON CONFLICT DO UPDATE SET count = count + excluded.count
          """)
    }
    try db.execute(sql: "DELETE FROM \(table) WHERE id IN (\(ids))")
  }

  /// Deletes the examples of deleted impressions, but never the newest, so that no id is given twice.
  private func deleteExamples(through offset: Int64) throws {
    let newest = try reader.read { try Int64.fetchOne($0, sql: "SELECT max(id) FROM example") } ?? 0
    var first: Int64 = 0
    while first < newest {
      try writer.write { db in
        try db.execute(
          sql: "DELETE FROM example WHERE id > ? AND id <= ? AND id < ? AND impression_id <= ?",
          arguments: [first, first + Self.forgottenOffsetCount, newest, offset])
      }
      first += Self.forgottenOffsetCount
    }
  }
}
