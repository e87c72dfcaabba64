import Foundation

/// Bytes that start on a cache line, zero at first; freed with the object. Many bytes lie in huge pages if there are any.
///
/// Whoever makes it may write; afterwards it is only read, or used by one thread at a time.
final class AlignedBytes: @unchecked Sendable {
  private static let hugePageSize = 1 << 21

  let bytes: UnsafeMutableBufferPointer<UInt8>

  init(count: Int) {
    let alignment = count < Self.hugePageSize ? 64 : Self.hugePageSize
    let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: max(count, 1), alignment: alignment)
    if count >= Self.hugePageSize { madvise(raw.baseAddress, count, MADV_HUGEPAGE) }
    bytes = raw.bindMemory(to: UInt8.self)
    bytes.initialize(repeating: 0)
  }

  deinit { bytes.deallocate() }

  var base: UnsafeMutablePointer<UInt8> { bytes.baseAddress! }
}
