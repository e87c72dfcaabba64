import Catalog
import Foundation

/// The folder under which everything lies that lasts. A second folder is a second system.
public struct DataDirectory: Sendable {
  public let url: URL

  /// Uses `path`, which is made when it doesn't exist, readable by the owner only.
  public init(path: String) throws {
    url = URL(fileURLWithPath: path, isDirectory: true)
    try FileManager.default.createDirectory(
      at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  /// The catalog: its snapshot and the changes since.
  public var catalog: CatalogFolder { CatalogFolder(url) }
  /// Experiments that were changed while running; it takes the place of `config/experiments.yaml`.
  public var experiments: URL { url.appendingPathComponent("experiments.yaml") }
  private var lock: URL { url.appendingPathComponent("serve.lock") }

  /// Claims the folder for one server; the claim ends with the process.
  ///
  /// - throws: ``DataDirectoryError`` when another server has it.
  public func claim() throws -> DataDirectoryClaim {
    let claim = try Self.open(lock)
    guard claim.lock(LOCK_EX | LOCK_NB) else {
      throw DataDirectoryError("another server uses \(url.path); stop it, or name another folder with --data-dir")
    }
    return claim
  }

  /// The right to change ``experiments``, once nobody else has it; it ends with what is returned.
  func lockExperiments() throws -> DataDirectoryClaim {
    let claim = try Self.open(url.appendingPathComponent("experiments.lock"))
    guard claim.lock(LOCK_EX) else {
      throw DataDirectoryError("the experiments of \(url.path) can't be locked: \(String(cString: strerror(errno)))")
    }
    return claim
  }

  private static func open(_ file: URL) throws -> DataDirectoryClaim {
    let descriptor = Foundation.open(file.path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw DataDirectoryError("\(file.path) can't be opened: \(String(cString: strerror(errno)))")
    }
    return DataDirectoryClaim(descriptor: descriptor)
  }
}

/// The right of one process to a data directory or a part of it, held until it is released.
public final class DataDirectoryClaim: Sendable {
  private let descriptor: Int32

  fileprivate init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  fileprivate func lock(_ how: Int32) -> Bool {
    while flock(descriptor, how) != 0 {
      guard errno == EINTR else { return false }
    }
    return true
  }

  deinit { close(descriptor) }
}

/// Why a data directory can't be used, and what to do.
public struct DataDirectoryError: Error, CustomStringConvertible {
  public let description: String

  init(_ description: String) {
    self.description = description
  }
}
