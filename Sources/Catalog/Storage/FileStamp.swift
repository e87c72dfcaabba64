import Foundation

/// Tells whether a file was replaced or written since it was last looked at.
public struct FileStamp: Equatable, Sendable {
  private let inode: UInt64
  private let byteCount: Int64
  private let seconds: Int
  private let nanoseconds: Int

  /// The stamp of `file`; `nil` when there is no file.
  public init?(_ file: URL?) {
    guard let file else { return nil }
    var status = stat()
    guard stat(file.path, &status) == 0 else { return nil }
    inode = UInt64(status.st_ino)
    byteCount = Int64(status.st_size)
    seconds = status.st_mtim.tv_sec
    nanoseconds = status.st_mtim.tv_nsec
  }
}
