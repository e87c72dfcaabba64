import Foundation
import GRDB

/// The one table of the log, and all SQL that touches it.
///
/// Offsets are given out under the write lock: the last one plus 1. So they ascend in commit order, whatever process
/// appends, and a reader that has seen offset n has seen all before it. No second index: an append touches one page.
enum EventTable {
  static func create(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE IF NOT EXISTS events (
          "offset" INTEGER PRIMARY KEY,
          kind INTEGER NOT NULL,
          received_ms INTEGER NOT NULL,
          event_ms INTEGER NOT NULL,
          payload BLOB NOT NULL)
        """)
  }

  static func lastOffset(_ db: Database) throws -> Int64 {
    try Int64.fetchOne(try db.cachedStatement(sql: #"SELECT max("offset") FROM events"#)) ?? 0
  }

  static func inserter(_ db: Database) throws -> Inserter {
    let sql =
      #"INSERT INTO events ("offset", kind, received_ms, event_ms, payload) VALUES (?, ?, ?, ?, ?)"#
    return Inserter(statement: try db.cachedStatement(sql: sql), offset: try lastOffset(db))
  }

  /// Appends entries at ascending offsets, within one transaction.
  struct Inserter {
    let statement: Statement
    private(set) var offset: Int64

    mutating func insert(_ entry: EventEntry) throws -> Int64 {
      offset += 1
      try statement.execute(
        binding: offset, Int64(entry.kind.rawValue), entry.received, entry.time, entry.payload)
      return offset
    }
  }

  /// Up to `limit` rows after `offset`, ascending.
  static func read(_ db: Database, after offset: Int64, limit: Int) throws -> [LogRow] {
    let sql = """
      SELECT "offset", kind, received_ms, event_ms, payload FROM events WHERE "offset" > ? ORDER BY "offset" LIMIT ?
      """
    let rows = try Row.fetchCursor(try db.cachedStatement(sql: sql), arguments: [offset, limit])
    var found: [LogRow] = []
    while let row = try rows.next() {
      let payload: Data = try row.withUnsafeData(atIndex: 4) { Data($0 ?? Data()) }
      found.append(LogRow(offset: row[0], kind: row[1], received: row[2], time: row[3], payload: payload))
    }
    return found
  }

  /// The keys of the newest `count` events, oldest first.
  static func newestKeys(_ db: Database, count: Int) throws -> [UInt128] {
    let sql = #"SELECT kind, payload FROM events ORDER BY "offset" DESC LIMIT ?"#
    let rows = try Row.fetchCursor(db, sql: sql, arguments: [count])
    var keys: [UInt128] = []
    while let row = try rows.next() {
      guard let kind = EventKind(rawValue: row[0]) else { continue }
      let key = try row.withUnsafeData(atIndex: 1) { data in
        (data ?? Data()).withUnsafeBytes { try? EventEntry.key(kind: kind, encoded: $0) }
      }
      if let key { keys.append(key) }
    }
    return keys.reversed()
  }
}
