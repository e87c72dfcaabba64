import Foundation

/// A file descriptor that closes itself; its calls are retried when a signal interrupts them.
final class OpenFile {
  let descriptor: Int32
  private let path: String

  /// Opens a file, a pipe or a device for reading.
  convenience init(reading url: URL) throws(CatalogError) {
    try self.init(url, flags: O_RDONLY)
  }

  /// Creates a file for writing, or empties it.
  convenience init(creating url: URL) throws(CatalogError) {
    try self.init(url, flags: O_WRONLY | O_CREAT | O_TRUNC)
  }

  /// A file that every write goes to the end of; made when there is none.
  convenience init(appending url: URL) throws(CatalogError) {
    try self.init(url, flags: O_WRONLY | O_CREAT | O_APPEND)
  }

  private init(_ url: URL, flags: Int32) throws(CatalogError) {
    path = url.path
    descriptor = open(path, flags | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.failure("opened", path) }
  }

  deinit { close(descriptor) }

  /// Size of a regular file, `nil` for a pipe or a device.
  func regularByteCount() throws(CatalogError) -> Int? {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.failure("examined", path) }
    return status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
  }

  /// Number of bytes that were read, 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(CatalogError) -> Int {
    while true {
      let byteCount = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
      if byteCount >= 0 { return byteCount }
      guard errno == EINTR else { throw Self.failure("read", path) }
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(CatalogError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest)
      let byteCount = Foundation.write(descriptor, part.baseAddress, part.count)
      if byteCount >= 0 {
        rest = rest.dropFirst(byteCount)
      } else if errno != EINTR {
        throw Self.failure("written", path)
      }
    }
  }

  func write(_ bytes: [UInt8]) throws(CatalogError) {
    try bytes.withUnsafeBufferPointer { (buffer) throws(CatalogError) in try write(UnsafeRawBufferPointer(buffer)) }
  }

  /// Waits until what was written is on the disk.
  func synchronize() throws(CatalogError) {
    guard fsync(descriptor) == 0 else { throw Self.failure("brought to the disk", path) }
  }

  /// Cuts the file off.
  func truncate(to byteCount: Int) throws(CatalogError) {
    guard ftruncate(descriptor, off_t(byteCount)) == 0 else { throw Self.failure("cut off", path) }
  }

  static func failure(_ verb: String, _ path: String) -> CatalogError {
    let reason = String(cString: strerror(errno))
    return CatalogError(
      .inaccessibleFile, "\(path): can't be \(verb) (\(reason)); check the path, rights and free space")
  }
}
