import Foundation

/// A run of memory that is freed or unmapped with its last owner.
///
/// Written by its creator before anybody else sees it, and never after.
final class Region: @unchecked Sendable {
  let bytes: UnsafeMutableRawBufferPointer
  private let isMapped: Bool

  /// Zeroed memory, aligned to 64 bytes.
  init(byteCount: Int) {
    bytes = .allocate(byteCount: max(byteCount, 1), alignment: 64)
    isMapped = false
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
  }

  /// The whole of an open file, read-only; the file may be closed or unlinked afterwards, but not truncated.
  init?(mapping descriptor: Int32, byteCount: Int) {
    guard byteCount > 0, let start = mmap(nil, byteCount, PROT_READ, MAP_SHARED, descriptor, 0), start != MAP_FAILED
    else { return nil }
    bytes = UnsafeMutableRawBufferPointer(start: start, count: byteCount)
    isMapped = true
  }

  deinit {
    if isMapped { munmap(bytes.baseAddress, bytes.count) } else { bytes.deallocate() }
  }

  /// Lets the system take back the memory of a mapped part; the next access reads it from the file again.
  func release(_ part: UnsafeRawBufferPointer) {
    guard isMapped, let start = bytes.baseAddress, let first = part.baseAddress else { return }
    let pageByteCount = sysconf(Int32(_SC_PAGESIZE))
    let offset = (first - UnsafeRawPointer(start) + pageByteCount - 1) / pageByteCount * pageByteCount
    let end = (first - UnsafeRawPointer(start) + part.count) / pageByteCount * pageByteCount
    if end > offset { madvise(start + offset, end - offset, MADV_DONTNEED) }
  }
}
