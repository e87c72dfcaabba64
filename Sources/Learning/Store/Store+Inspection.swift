import Events
import Foundation
import GRDB

/// What a full look at a store found.
public struct StoreInspection: Codable, Sendable, Equatable {
  /// Log offset through which events are joined, and through which they are summed.
  public var joinedThrough: Int64 = 0
  public var summedThrough: Int64 = 0
  public var impressionCount = 0
  /// What is wrong, each with the way out; empty when the store is sound.
  public var problems: [String] = []
}

extension Store {
  /// Names of the analysts' views.
  public static let viewNames = [
    "impressions", "clicks", "conversions", "duplicates", "corrections", "invalid_events", "examples", "decisions",
    "models", "serving_history", "experiment_history",
    "hourly", "daily", "user_daily", "erasures", "alerts",
  ]

  /// Copies the store into `directory`, as of one moment, while others use it.
  public func backUp(to directory: URL, progress: (_ share: Double) -> Void = { _ in }) throws {
    try reader.copy(to: directory.appending(path: "store.sqlite"), progress: progress)
  }

  /// Checks the file, that every view can be read, that the store isn't ahead of its log, and that the hourly sums are those
  /// of the single rows. Minutes for 100 million events.
  ///
  /// - parameter lastOffset: tells the newest offset of the log; `nil` when it can't be read.
  public func inspect(lastOffset: () -> Int64?) -> StoreInspection {
    var inspection = StoreInspection()
    do {
      try reader.read { db in
        for finding in try String.fetchAll(db, sql: "PRAGMA integrity_check(10)") where finding != "ok" {
          inspection.problems.append("store.sqlite: \(finding); delete it, it is rebuilt from the log")
        }
        for view in Self.viewNames { _ = try Row.fetchOne(db, sql: "SELECT * FROM \(view) LIMIT 1") }
        try inspectCursors(db, lastOffset: lastOffset, &inspection)
      }
    } catch {
      inspection.problems.append("store.sqlite can't be read: \(error); delete it, it is rebuilt from the log")
    }
    return inspection
  }

  private func inspectCursors(_ db: Database, lastOffset: () -> Int64?, _ inspection: inout StoreInspection) throws {
    let (joined, sums) = (try JoinCursor.load(db), try TrafficCursor.load(db))
    (inspection.joinedThrough, inspection.summedThrough) = (joined.offset, sums.summedThrough)
    if let lastOffset = lastOffset(), joined.offset > lastOffset {
      inspection.problems.append(
        "store.sqlite has joined \(joined.offset) events, but the log ends at \(lastOffset): it isn't the log of this store; "
          + "restore the log, or delete store.sqlite to rebuild it")
    }
    inspection.impressionCount = try Int.fetchOne(db, sql: "SELECT count(*) FROM impression") ?? 0
    let rows = "SELECT count(*) FROM impression WHERE id > ? AND id <= ?"
    let counted = try Int.fetchOne(db, sql: rows, arguments: [sums.keptThrough, sums.summedThrough]) ?? 0
    let summed = "SELECT coalesce(sum(impressions), 0) FROM traffic_sum WHERE span_ms = 3600000 AND NOT is_kept"
    let total = try Int.fetchOne(db, sql: summed) ?? 0
    // Of persons who were erased the sums go on counting.
    let erasures = try Int.fetchOne(db, sql: "SELECT count(*) FROM erasures") ?? 0
    if total < counted || total > counted && erasures == 0 {
      inspection.problems.append(
        "the view hourly counts \(total) impressions, the rows are \(counted); delete store.sqlite to rebuild it")
    }
  }

  /// Bytes of each table with its indices, largest first. Reads the whole file.
  public func tableByteCounts() throws -> [(table: String, byteCount: Int)] {
    let sql = """
      SELECT tbl_name, sum(pgsize) FROM dbstat JOIN sqlite_schema USING (name) GROUP BY 1 ORDER BY 2 DESC
      """
    return try reader.read { db in try Row.fetchAll(db, sql: sql).map { ($0[0], $0[1]) } }
  }
}

extension Store {
  /// The log offset through which events are joined, and the latest receive time until there.
  public func joinedThrough() throws -> (offset: Int64, clock: Milliseconds) {
    let cursor = try reader.read(JoinCursor.load)
    return (cursor.offset, cursor.clock)
  }
}
