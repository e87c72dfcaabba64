import Catalog
import Events
import Foundation
import Learning

/// Copies a whole system, while it serves, into a folder that is a system of its own: name it as the data directory.
///
/// The copies of log and store are each of one moment; the log's is the later one, so the store has joined nothing that the
/// copied log lacks, and joins the rest when it is opened. Token keys are copied too, readable by the owner only: tokens
/// that were handed out open there as well.
public struct SystemBackup {
  private let system: AdSystem

  public init(_ system: AdSystem) {
    self.system = system
  }

  /// - parameter target: a folder that doesn't exist yet. It gets its name when the copy is whole and on the disk.
  /// - parameter progress: told the part being copied, and its share that is done.
  /// - throws: ``DataDirectoryError`` when the folder exists; nothing is left behind.
  public func run(to target: URL, progress: (String, Double) -> Void = { _, _ in }) throws -> BackupReport {
    let files = FileManager.default
    guard !files.fileExists(atPath: target.path) else {
      throw DataDirectoryError("\(target.path) exists; name a folder that doesn't, such as one with today's date")
    }
    let partial = URL(fileURLWithPath: target.standardizedFileURL.path + ".partial", isDirectory: true)
    try? files.removeItem(at: partial)
    do {
      try files.createDirectory(
        at: partial, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try system.store.backUp(to: partial) { progress("store", $0) }
      try system.log.backUp(to: partial) { progress("log", $0) }
      try copyRest(to: partial)
      let report = try check(partial)
      try sync(partial)
      try files.moveItem(at: partial, to: target)
      return report
    } catch {
      try? files.removeItem(at: partial)
      throw error
    }
  }

  /// Catalog, models, keys, experiments: files that are replaced as a whole, never written in place.
  private func copyRest(to target: URL) throws {
    let files = FileManager.default
    let root = system.directory.url
    try system.directory.catalog.copy(to: target)
    for name in try files.contentsOfDirectory(atPath: root.path).sorted()
    where !Self.isLeftOut(name) && !system.directory.catalog.isPart(name) {
      try files.copyItem(at: root.appending(path: name), to: target.appending(path: name))
    }
  }

  /// The databases and the archive, which have a copy of their own, locks, and files under way.
  private static func isLeftOut(_ name: String) -> Bool {
    name.hasPrefix("events.sqlite") || name.hasPrefix("store.sqlite") || name == "archive" || name.hasSuffix(".lock")
      || name.hasPrefix(".")
  }

  /// Opens the copy and reads the databases' ends.
  private func check(_ copy: URL) throws -> BackupReport {
    let log = try EventLog(directory: copy, configuration: system.settings.log, logger: system.logger)
    let store = try Store(directory: copy)
    let joined = try store.joinedThrough()
    let report = BackupReport(
      lastOffset: log.lastOffset, joinedThrough: joined.offset, archivedDayCount: try log.archivedDays().count,
      byteCount: try byteCount(copy))
    guard joined.offset <= log.lastOffset else {
      throw DataDirectoryError("the copied store is ahead of the copied log; run the backup again")
    }
    try store.close()
    try log.close()
    return report
  }

  private func byteCount(_ folder: URL) throws -> Int {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path).reduce(0) { sum, path in
      let attributes = try? FileManager.default.attributesOfItem(atPath: folder.appending(path: path).path)
      return attributes?[.type] as? FileAttributeType == .typeRegular ? sum + (attributes?[.size] as? Int ?? 0) : sum
    }
  }

  /// Brings every file and folder of the copy to the disk.
  private func sync(_ folder: URL) throws {
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) + [""] {
      let descriptor = open(folder.appending(path: path).path, O_RDONLY | O_CLOEXEC)
      defer { close(descriptor) }
      guard descriptor >= 0, fsync(descriptor) == 0 else {
        throw DataDirectoryError(
          "\(folder.path)/\(path) can't be brought to the disk: \(String(cString: strerror(errno)))")
      }
    }
  }
}

/// What a backup holds.
public struct BackupReport: Codable, Sendable {
  /// Offset of the newest event of the copied log.
  public let lastOffset: Int64
  /// Offset through which the copied store has joined it.
  public let joinedThrough: Int64
  public let archivedDayCount: Int
  public let byteCount: Int
}
