import Locking

/// Reads the archived part of a log by offset. A reader that goes on where it stopped costs only what it reads.
struct ArchivedLog: Sendable {
  let archive: EventArchive
  private let open = Locked<Position?>(nil)

  private struct Position {
    let day: ArchivedDay
    let reader: ArchiveReader
  }

  init(_ archive: EventArchive) {
    self.archive = archive
  }

  /// Up to `limit` rows after `offset` and before `end`; none when the archive has none of them.
  func read(after offset: Int64, before end: Int64, limit: Int) throws -> [LogRow] {
    try open.withLock { open in
      var position = open?.reader.offset == offset ? open : try position(after: offset)
      open = nil
      var rows: [LogRow] = []
      while let current = position, rows.count < limit {
        guard let row = try current.reader.next() else {
          position = try day(after: current.day).map { Position(day: $0, reader: try archive.reader($0)) }
          continue
        }
        guard row.offset < end else { return rows }
        if row.offset > offset { rows.append(row) }
      }
      open = position
      return rows
    }
  }

  /// The start of the last day that begins at or before the event wanted, or else of the first day.
  private func position(after offset: Int64) throws -> Position? {
    let days = try archive.days()
    var (low, high) = (0, days.count)
    while low < high {
      let middle = (low + high) / 2
      if try archive.firstOffset(days[middle]) <= offset + 1 { low = middle + 1 } else { high = middle }
    }
    guard let day = days.isEmpty ? nil : days[max(0, low - 1)] else { return nil }
    return Position(day: day, reader: try archive.reader(day))
  }

  private func day(after day: ArchivedDay) throws -> ArchivedDay? {
    try archive.days().first { $0 > day }
  }
}
