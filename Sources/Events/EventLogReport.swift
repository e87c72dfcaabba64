import Foundation
import GRDB

/// What was found when a log was opened.
public struct EventLogReport: Sendable, CustomStringConvertible {
  /// Offset of the newest event, 0 in an empty log.
  public let lastOffset: Int64
  /// Size of the database.
  public let byteCount: Int
  /// Size of the write-ahead log that an earlier process left, of which every whole commit was recovered.
  public let recoveredByteCount: Int
  /// Whether the whole file was checked, or the newest events only.
  public let isWhole: Bool
  /// Events whose content was read.
  public let readEventCount: Int
  /// Of these, how many are damaged or written by a later release; the join passes over them and counts them.
  public let unreadableEventCount: Int

  /// Newest events that are read at every start.
  static let tailEventCount = 10_000

  public var description: String {
    """
    last offset \(lastOffset), \(byteCount) bytes, \(recoveredByteCount) bytes of recovered write-ahead log, \
    \(isWhole ? "whole file" : "tail") checked, \(unreadableEventCount) of \(readEventCount) newest events unreadable
    """
  }

  /// Checks the database.
  ///
  /// - throws: ``EventLogError/damaged(_:)`` with the first finding and the way out.
  static func check(
    _ database: DatabasePool, file: URL, recoveredByteCount: Int,
    configuration: EventLogConfiguration
  ) throws -> EventLogReport {
    let byteCount = Self.byteCount(file.path)
    let isWhole = byteCount <= configuration.checkedByteCountMax
    return try database.read { db in
      if isWhole, let finding = try String.fetchOne(db, sql: "PRAGMA quick_check(1)"),
        finding != "ok"
      {
        throw EventLogError.damaged(
          "\(file.path): \(finding); keep a copy, then save what can be read with: sqlite3 '\(file.path)' .recover"
        )
      }
      let last = try EventTable.lastOffset(db)
      let tail = try EventTable.read(db, after: last - Int64(tailEventCount), limit: tailEventCount)
      return EventLogReport(
        lastOffset: last, byteCount: byteCount, recoveredByteCount: recoveredByteCount,
        isWhole: isWhole,
        readEventCount: tail.count,
        unreadableEventCount: tail.count { $0.event.kind == .unreadable })
    }
  }

  /// Size of a file, 0 when there is none.
  static func byteCount(_ path: String) -> Int {
    let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    return size ?? 0
  }
}
