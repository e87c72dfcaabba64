import Catalog
import Foundation
import GRDB

extension EventLog {
  /// Rows that are deleted in one transaction, which appends have to wait for.
  private static let deletedRowCountMax = 5_000
  /// Rows that are read at once.
  static let pageRowCount = 4_096

  /// Takes the whole UTC days that ended before `time`, up to `offset`, out of the database and into one gzip file each
  /// (see ``EventArchive``); ``read(after:limit:)`` goes on to give their events.
  ///
  /// The rows of a day are deleted after its file was read back and found equal to them, so a kill at any instant loses
  /// nothing, and the next call goes on. Appends go on meanwhile. The newest event always stays, so that no offset is given
  /// twice. Space of the database is used again, not given back.
  ///
  /// - parameter progress: told the events archived so far.
  /// - returns: what was archived now.
  /// - throws: ``EventLogError``; the day under way stays in the database.
  @discardableResult
  public func archive(
    before time: Milliseconds, through offset: Int64, progress: (Int) -> Void = { _ in }
  ) throws -> [ArchivedDayReport] {
    var reports: [ArchivedDayReport] = []
    try archived.archive.locked {
      while let (day, range) = try nextDay(before: time, through: offset) {
        if try !archived.archive.days().contains(day) { try write(day, range) }
        try delete(range)
        let report = ArchivedDayReport(
          day: "\(day)", eventCount: range.count, byteCount: archived.archive.byteCount(day))
        reports.append(report)
        progress(reports.reduce(0) { $0 + $1.eventCount })
      }
    }
    return reports
  }

  /// Deletes the archived days that ended before `time` and hold no event after `offset`, the oldest first. Their events
  /// are gone: a rebuild of the join begins after them.
  ///
  /// - returns: the deleted days.
  @discardableResult
  public func deleteArchive(before time: Milliseconds, through offset: Int64) throws -> [ArchivedDayReport] {
    var reports: [ArchivedDayReport] = []
    try archived.archive.locked {
      let days = try archived.archive.days()
      for (index, day) in days.enumerated() where day.start + ArchivedDay.milliseconds <= time {
        let next = index + 1 < days.count ? try archived.archive.firstOffset(days[index + 1]) : try firstOffset()
        guard next - 1 <= offset else { break }
        let first = try archived.archive.firstOffset(day)
        reports.append(
          ArchivedDayReport(day: "\(day)", eventCount: Int(next - first), byteCount: archived.archive.byteCount(day)))
        try archived.archive.remove(day)
      }
    }
    return reports
  }

  /// Bytes of the archived days, oldest first.
  public func archivedDays() throws -> [(day: ArchivedDay, byteCount: Int)] {
    try archived.archive.days().map { ($0, archived.archive.byteCount($0)) }
  }

  /// Offset of the oldest event in the database, 1 in an empty log.
  func firstOffset() throws -> Int64 {
    try database.read { try Int64.fetchOne($0, sql: #"SELECT min("offset") FROM events"#) } ?? 1
  }

  /// Calls `body` with the rows of a range of offsets, ascending, a page at a time.
  func forEachRow(in range: ClosedRange<Int64>, _ body: (LogRow) throws -> Void) throws {
    var last = range.lowerBound - 1
    while last < range.upperBound {
      let rows = try database.read { try EventTable.read($0, after: last, limit: Self.pageRowCount) }
      for row in rows where row.offset <= range.upperBound { try body(row) }
      guard let end = rows.last?.offset else { return }
      last = end
    }
  }

  /// The oldest day of the database that is over and whole up to `offset`, with its offsets. A day counts as whole only when
  /// an event of a later day is there. After a kill it may be a day whose file is there already.
  private func nextDay(before time: Milliseconds, through offset: Int64) throws -> (ArchivedDay, ClosedRange<Int64>)? {
    guard let first = try database.read({ try EventTable.read($0, after: 0, limit: 1) }).first else { return nil }
    let last = try archived.archive.days().last
    let day = max(ArchivedDay(containing: first.received), last ?? ArchivedDay(containing: first.received))
    let end = day.start + ArchivedDay.milliseconds
    guard end <= time else { return nil }
    let sql = #"SELECT "offset" FROM events WHERE received_ms >= ? ORDER BY "offset" LIMIT 1"#
    guard let next = try database.read({ try Int64.fetchOne($0, sql: sql, arguments: [end]) }),
      next > first.offset, next - 1 <= offset
    else { return nil }
    return (day, first.offset...next - 1)
  }

  /// Writes the rows of a day, and reads the file back before it gets its name.
  private func write(_ day: ArchivedDay, _ range: ClosedRange<Int64>) throws {
    try archived.archive.replace(day) { writer in
      try forEachRow(in: range) { try writer.write($0.json) }
    } check: { reader in
      try forEachRow(in: range) { row in
        guard try reader.next() == row else {
          throw EventLogError.failed("event \(row.offset) reads back differently from the archive; nothing was deleted")
        }
      }
    }
  }

  private func delete(_ range: ClosedRange<Int64>) throws {
    var first = range.lowerBound
    while first <= range.upperBound {
      let last = min(range.upperBound, first + Int64(Self.deletedRowCountMax) - 1)
      try database.write { db in
        try db.execute(sql: #"DELETE FROM events WHERE "offset" BETWEEN ? AND ?"#, arguments: [first, last])
      }
      first = last + 1
    }
  }
}

/// One day of the log that was archived or deleted.
public struct ArchivedDayReport: Sendable, Equatable, Codable {
  /// The UTC date, as `2026-11-22`.
  public let day: String
  public let eventCount: Int
  /// Size of its file.
  public let byteCount: Int
}
