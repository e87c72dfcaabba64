import AdServer
import Events
import Learning

/// How large everything is, and what bounds it.
struct StoreSizeReport: Encodable {
  struct Table: Encodable {
    let table: String
    let byteCount: Int
  }

  struct Day: Encodable {
    let day: String
    let byteCount: Int
  }

  let parts: [String: Int]
  let usedByteCount: Int
  let freeByteCount: Int
  let tables: [Table]
  let events: [LogVolume]
  let archive: [Day]
  let limits: RetentionSettings

  /// Reads log and store once.
  init(_ system: AdSystem) throws {
    let size = try SystemSize(system)
    (parts, usedByteCount, freeByteCount) = (size.byteCounts, size.usedByteCount, size.freeByteCount)
    tables = try system.store.tableByteCounts().map { Table(table: $0.table, byteCount: $0.byteCount) }
    events = try system.log.volumes()
    archive = try system.log.archivedDays().map { Day(day: "\($0.day)", byteCount: $0.byteCount) }
    limits = system.settings.retention
  }

  var text: String {
    var table = TextTable(["what", "events", "size"])
    for (part, count) in parts.sorted(by: { $0.value > $1.value }) { table.add([part, "", count.bytes]) }
    table.add(["all", "", usedByteCount.bytes])
    for row in tables where row.byteCount > 1 << 16 { table.add(["store: \(row.table)", "", row.byteCount.bytes]) }
    for day in archive { table.add(["archive: \(day.day)", "", day.byteCount.bytes]) }
    for row in events { table.add(["log: \(row.day) \(row.kind)", String(row.eventCount), row.byteCount.bytes]) }
    return "\(table.text)\n\(limitText)\n\(freeByteCount.bytes) are free on the disk"
  }

  private var limitText: String {
    func age(_ days: Double, _ verb: String) -> String {
      days > 0 ? "\(verb) after \(days.formatted(decimals: 1)) days" : "never \(verb)"
    }
    let limit = limits.byteCountMax > 0 ? "at most \(limits.byteCountMax.bytes)" : "no limit in bytes"
    return """
      log \(age(limits.archiveAfterDays, "archived")), views \(age(limits.forgetAfterDays, "forgotten")), archive \
      \(age(limits.deleteAfterDays, "deleted")), \(limit)
      """
  }
}
