import Foundation
import GRDB

/// What a full look at a log found.
public struct LogInspection: Codable, Sendable, Equatable {
  /// Events in the database, and of them those that this release can't read.
  public var eventCount = 0
  public var unreadableEventCount = 0
  /// Events and days of the archive.
  public var archivedEventCount = 0
  public var archivedDayCount = 0
  /// Offsets of the oldest and the newest event, 0 in an empty log.
  public var firstOffset: Int64 = 0
  public var lastOffset: Int64 = 0
  /// What is wrong, each with the way out; empty when the log is sound.
  public var problems: [String] = []

  /// Problems that are named; further ones are alike.
  static let problemCountMax = 20

  /// Takes note of the next row of the log.
  mutating func see(_ row: LogRow) {
    if firstOffset == 0 { firstOffset = row.offset }
    if lastOffset > 0, row.offset != lastOffset + 1 {
      add("events \(lastOffset + 1)…\(row.offset - 1) are missing; restore them from a backup")
    }
    lastOffset = row.offset
    if row.event.kind == .unreadable { unreadableEventCount += 1 }
  }

  mutating func add(_ problem: String) {
    if problems.count < Self.problemCountMax { problems.append(problem) }
  }
}

/// Events of one kind on one day, of the database of the log.
public struct LogVolume: Codable, Sendable, Equatable {
  /// The UTC date on which they were received.
  public let day: String
  public let kind: String
  public let eventCount: Int
  /// Bytes of their payloads.
  public let byteCount: Int
}

extension EventLog {
  /// Reads the whole log: SQLite's integrity check, every event, every line of the archive, and that no offset is missing
  /// between the oldest event and the newest. Minutes for 100 million events.
  public func inspect(progress: (Int) -> Void = { _ in }) -> LogInspection {
    var inspection = LogInspection()
    inspectArchive(&inspection, progress)
    do {
      let findings = try database.read { try String.fetchAll($0, sql: "PRAGMA integrity_check(10)") }
      for finding in findings where finding != "ok" {
        inspection.add("events.sqlite: \(finding); keep a copy, then restore a backup or use sqlite3's .recover")
      }
      try forEachRow(in: 1...max(1, lastOffset)) { row in
        // Rows that were archived and not deleted yet are there twice.
        guard row.offset > inspection.lastOffset else { return }
        inspection.eventCount += 1
        inspection.see(row)
        if inspection.eventCount % Self.pageRowCount == 0 {
          progress(inspection.archivedEventCount + inspection.eventCount)
        }
      }
    } catch { inspection.add("events.sqlite can't be read: \(error); restore a backup or use sqlite3's .recover") }
    if inspection.unreadableEventCount > 0 {
      inspection.add(
        "\(inspection.unreadableEventCount) events can't be read: damaged, or of a later release; the join counts them")
    }
    return inspection
  }

  /// Events and bytes by day and kind. Reads the whole database once.
  public func volumes() throws -> [LogVolume] {
    let sql = """
      SELECT received_ms / \(ArchivedDay.milliseconds), kind, count(*), sum(length(payload)) FROM events
      GROUP BY 1, 2 ORDER BY 1, 2
      """
    return try database.read { db in
      try Row.fetchAll(db, sql: sql).map { row in
        let kind = UInt8(exactly: row[1] as Int64).flatMap(EventKind.init(rawValue:)) ?? .unreadable
        return LogVolume(
          day: "\(ArchivedDay(number: row[0]))", kind: kind.label, eventCount: row[2], byteCount: row[3])
      }
    }
  }

  private func inspectArchive(_ inspection: inout LogInspection, _ progress: (Int) -> Void) {
    do {
      for day in try archived.archive.days() {
        inspection.archivedDayCount += 1
        do {
          let reader = try archived.archive.reader(day)
          while let row = try reader.next() {
            inspection.archivedEventCount += 1
            inspection.see(row)
          }
          progress(inspection.archivedEventCount)
        } catch { inspection.add("\(error)") }
      }
    } catch { inspection.add("the archive can't be read: \(error)") }
  }
}
