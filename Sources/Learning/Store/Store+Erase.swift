import Events
import GRDB

extension Store {
  /// Rows that are deleted in one transaction.
  private static let erasedRowCountMax = 5_000

  private static let personTables = ["impression", "click", "conversion"]

  /// Rows about `user` in the views. Reads them all: there is no index on persons.
  public func rowCount(user: String) throws -> Int {
    try reader.read { db in try Self.rows(db, user: user).reduce(0) { $0 + $1.ids.count } }
  }

  /// Deletes every row about `user`: impressions with their examples, clicks, conversions, sampled decisions. To be called
  /// once the log holds none of them; a joiner meanwhile brings none back. Sums over many people stay.
  ///
  /// - returns: how many rows were deleted, examples not counted.
  public func erase(user: String) throws -> Int {
    let found = try reader.read { try Self.rows($0, user: user) }
    for (table, ids) in found {
      for start in stride(from: 0, to: ids.count, by: Self.erasedRowCountMax) {
        try erase(ids[start..<min(ids.count, start + Self.erasedRowCountMax)], of: table)
      }
    }
    try writer.write { try Self.eraseUserSums($0, of: user) }
    _ = try? writer.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    return found.reduce(0) { $0 + $1.ids.count }
  }

  private static func rows(_ db: Database, user: String) throws -> [(table: String, ids: [Int64])] {
    var found: [(table: String, ids: [Int64])] = []
    for table in personTables {
      found.append((table, try Int64.fetchAll(db, sql: "SELECT id FROM \(table) WHERE user = ?", arguments: [user])))
    }
    let decisions = #"SELECT "offset" FROM decisions WHERE user = ?"#
    found.append(("control", try Int64.fetchAll(db, sql: decisions, arguments: [user])))
    return found
  }

  private func erase(_ ids: ArraySlice<Int64>, of table: String) throws {
    let list = ids.map(String.init).joined(separator: ", ")
    try writer.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA secure_delete = ON")
      try db.inTransaction(.immediate) {
        if table == "impression" {
          let newest = "(SELECT max(id) FROM example)"
          try db.execute(sql: "DELETE FROM example WHERE impression_id IN (\(list)) AND id < \(newest)")
          try db.execute(sql: "DELETE FROM open_impression WHERE id IN (\(list))")
        }
        if Self.personTables.contains(table) {
          try db.execute(
            sql: """
              DELETE FROM duplicate WHERE kind IN ('impression', 'click', 'conversion', 'history')
                AND decision IN (SELECT decision FROM \(table) WHERE id IN (\(list)))
              """)
        }
        try Self.delete(db, from: table, ids: list)
        return .commit
      }
    }
  }
}
