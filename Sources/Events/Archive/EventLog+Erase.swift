import Catalog
import Foundation
import GRDB

extension EventLog {
  /// Erases every event of `user` from the archive and the database, sampled decisions and notes about them included.
  ///
  /// A clock event takes the place of each (see ``LogRow/erased``), so offsets and the joins of others stay as they are.
  /// What was erased is overwritten in the file, and the write-ahead log is emptied when no reader holds it. Copies
  /// elsewhere, such as backups, aren't touched. Does it again from the start when it was interrupted.
  ///
  /// - parameter progress: told the events looked at so far.
  /// - returns: how many events were erased.
  public func erase(user: String, progress: (Int) -> Void = { _ in }) throws -> ErasureRecord.Counts {
    try archived.archive.locked {
      var search = PersonSearch(user: user)
      var counts = ErasureRecord.Counts()
      for day in try archived.archive.days() {
        counts.archivedEvents += try erase(from: day, &search)
        progress(search.rowCount)
      }
      counts.logEvents = try eraseFromDatabase(&search, progress: progress)
      _ = try? database.writeWithoutTransaction { try $0.checkpoint(.truncate) }
      return counts
    }
  }

  /// Counts the events of `user` in the archive and the database.
  public func count(user: String, progress: (Int) -> Void = { _ in }) throws -> ErasureRecord.Counts {
    try archived.archive.locked {
      var search = PersonSearch(user: user)
      var counts = ErasureRecord.Counts()
      for day in try archived.archive.days() {
        let reader = try archived.archive.reader(day)
        while let row = try reader.next() { counts.archivedEvents += search.finds(row) ? 1 : 0 }
        progress(search.rowCount)
      }
      try forEachRow(in: 1...max(1, lastOffset)) { counts.logEvents += search.finds($0) ? 1 : 0 }
      return counts
    }
  }

  /// Appends the proof of an erasure.
  public func record(_ erasure: ErasureRecord, at time: Milliseconds) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.keyEncodingStrategy = .convertToSnakeCase
    try append([Event(kind: .erasure, time: time, received: time, payload: Array(try encoder.encode(erasure)))])
  }

  /// Rewrites the file of a day when it holds events of the person.
  private func erase(from day: ArchivedDay, _ search: inout PersonSearch) throws -> Int {
    var found = Set<Int64>()
    let reader = try archived.archive.reader(day)
    while let row = try reader.next() {
      if search.finds(row) { found.insert(row.offset) }
    }
    guard !found.isEmpty else { return 0 }
    func forEach(_ body: (LogRow) throws -> Void) throws {
      let reader = try archived.archive.reader(day)
      while let row = try reader.next() { try body(found.contains(row.offset) ? row.erased : row) }
    }
    try archived.archive.replace(day) { writer in
      try forEach { try writer.write($0.json) }
    } check: { copy in
      try forEach { row in
        guard try copy.next() == row else {
          throw EventLogError.failed("event \(row.offset) reads back differently; \(day) stays as it was")
        }
      }
    }
    return found.count
  }

  private func eraseFromDatabase(_ search: inout PersonSearch, progress: (Int) -> Void) throws -> Int {
    var count = 0
    var last: Int64 = 0
    while true {
      let rows = try database.read { try EventTable.read($0, after: last, limit: Self.pageRowCount) }
      guard let end = rows.last?.offset else { return count }
      let found = rows.filter { search.finds($0) }
      if !found.isEmpty { try replace(found.map(\.erased)) }
      count += found.count
      last = end
      progress(search.rowCount)
    }
  }

  private func replace(_ rows: [LogRow]) throws {
    try database.write { db in
      let sql = #"UPDATE events SET kind = ?, event_ms = ?, payload = ? WHERE "offset" = ?"#
      let statement = try db.cachedStatement(sql: sql)
      for row in rows { try statement.execute(binding: row.kind, row.time, row.payload, row.offset) }
    }
  }
}

/// Finds the events of one person among the rows of the log, which must come in ascending order.
private struct PersonSearch {
  private let user: String
  /// Decisions made for the person, by which later notes are found that don't name the person.
  private var decisions = Set<String>()
  /// Rows looked at.
  private(set) var rowCount = 0

  init(user: String) {
    self.user = user
  }

  mutating func finds(_ row: LogRow) -> Bool {
    rowCount += 1
    let event = row.event
    if let served = event.served {
      guard served.user == user else { return false }
      decisions.insert(served.decision.description)
      return true
    }
    guard !event.payload.isEmpty, case .object(let members)? = try? JSONValue(parsing: event.payload[...]) else {
      return false
    }
    return members.contains { member in
      guard let text = member.value.scalarText else { return false }
      return member.name == "user" && text == user || member.name == "decision" && decisions.contains(text)
    }
  }
}
