import Catalog
import Foundation

/// The days of the log that were taken out of the database: one gzip file of NDJSON a day, which anyone can read.
///
/// A file holds all events of the log from its first line's offset to its last line's, offsets ascending, and never changes
/// but by ``EventLog/erase(user:progress:)``. An event belongs to the UTC day on which it was received, or to the day of
/// the event before it when that is later: so the files stand in the order of the log. They are made under another name,
/// brought to the disk, and renamed.
struct EventArchive: Sendable {
  let directory: URL

  /// The days, ascending.
  func days() throws -> [ArchivedDay] {
    guard FileManager.default.fileExists(atPath: directory.path) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: directory.path).compactMap(ArchivedDay.init(fileName:))
      .sorted()
  }

  func file(_ day: ArchivedDay) -> URL { directory.appending(path: day.fileName) }

  func byteCount(_ day: ArchivedDay) -> Int { EventLogReport.byteCount(file(day).path) }

  /// The rows of a day, from its beginning.
  func reader(_ day: ArchivedDay) throws -> ArchiveReader {
    try ArchiveReader(file(day))
  }

  /// Offset of the first event of a day.
  func firstOffset(_ day: ArchivedDay) throws -> Int64 {
    guard let row = try reader(day).next() else {
      throw EventLogError.damaged("\(file(day).path) is empty; restore it from a backup")
    }
    return row.offset
  }

  /// Makes or replaces the file of a day from what `body` writes, once `check` has read it; durable when this returns.
  func replace(
    _ day: ArchivedDay, _ body: (LineWriter) throws -> Void, check: (ArchiveReader) throws -> Void
  ) throws {
    let temporary = directory.appending(path: ".\(day).new")
    do {
      let writer = try LineWriter(temporary, isCompressed: true)
      try body(writer)
      try writer.finish()
      let reader = try ArchiveReader(temporary)
      try check(reader)
      guard try reader.next() == nil else { throw EventLogError.failed("\(temporary.path) has more than was written") }
      guard rename(temporary.path, file(day).path) == 0 else {
        throw EventLogError.failed("\(file(day).path) can't be made: \(String(cString: strerror(errno)))")
      }
      try sync()
    } catch {
      try? FileManager.default.removeItem(at: temporary)
      throw error
    }
  }

  func remove(_ day: ArchivedDay) throws {
    try FileManager.default.removeItem(at: file(day))
    try sync()
  }

  /// Runs `body` while no other process or thread changes the archive.
  func locked<Result>(_ body: () throws -> Result) throws -> Result {
    try FileManager.default.createDirectory(
      at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let path = directory.appending(path: ".lock").path
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0, flock(descriptor, LOCK_EX) == 0 else {
      throw EventLogError.failed("\(path) can't be locked: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    return try body()
  }

  private func sync() throws {
    let descriptor = open(directory.path, O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    guard descriptor >= 0, fsync(descriptor) == 0 else {
      throw EventLogError.failed("\(directory.path) can't be synced: \(String(cString: strerror(errno)))")
    }
  }
}
