import Foundation

/// A lock between processes, on a file of its own that stays.
struct FileLock: Sendable {
  let url: URL

  /// What `body` returns while no other process, and no other call in this one, holds the lock. Waits for it.
  func withLock<Result>(_ body: () throws(CatalogError) -> Result) throws(CatalogError) -> Result {
    let descriptor = open(url.path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw OpenFile.failure("opened", url.path) }
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw OpenFile.failure("locked", url.path) }
    }
    return try body()
  }
}
