import Foundation

/// Writes a file so that a killed process or a power cut leaves the old one or the new one, never a part.
public enum DurableFile {
  /// Writes `data` beside `file`, syncs it, renames it to `file` and syncs the folder.
  ///
  /// - throws: ``LearningError/Code/inaccessibleFile``.
  public static func write(_ data: Data, to file: URL) throws(LearningError) {
    let folder = file.deletingLastPathComponent()
    let temporary = folder.appendingPathComponent(".\(file.lastPathComponent).\(UUID().uuidString)")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try data.write(to: temporary)
      try sync(temporary)
      guard rename(temporary.path, file.path) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
      try sync(folder)
    } catch {
      try? FileManager.default.removeItem(at: temporary)
      throw LearningError(
        .inaccessibleFile, "\(file.path): can't be written (\(error)); check space and rights of the folder")
    }
  }

  private static func sync(_ file: URL) throws {
    let descriptor = open(file.path, O_RDONLY)
    guard descriptor >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
  }
}
