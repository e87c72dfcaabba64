import Foundation

extension EventLog {
  /// Copies the log with its archive into `directory`, as of one moment, while it goes on. The copy is opened by naming its
  /// folder, and holds at least every event that was durable when this was called.
  public func backUp(to directory: URL, progress: (_ share: Double) -> Void = { _ in }) throws {
    try archived.archive.locked {
      try database.copy(to: directory.appending(path: "events.sqlite"), progress: progress)
      let copy = EventArchive(directory: directory.appending(path: "archive"))
      for day in try archived.archive.days() {
        try FileManager.default.createDirectory(
          at: copy.directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try FileManager.default.copyItem(at: archived.archive.file(day), to: copy.file(day))
      }
    }
  }
}
