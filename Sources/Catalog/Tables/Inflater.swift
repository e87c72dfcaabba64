import CZlib

/// Unpacks a gzip stream step by step.
final class Inflater {
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  /// Whether no member is half unpacked, so that the stream may end here.
  private(set) var isBetweenMembers = true

  init() {
    stream.initialize(to: z_stream())
    let gzipOnly = MAX_WBITS + 16
    let status = czlib_inflate_init(stream, gzipOnly)
    precondition(status == Z_OK, "zlib has no memory")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Unpacks from `input` into the beginning of `output`; `nil` when the input isn't gzip.
  func inflate(
    _ input: ArraySlice<UInt8>, into output: UnsafeMutableRawBufferPointer
  ) -> (consumedByteCount: Int, producedByteCount: Int)? {
    input.withUnsafeBufferPointer { input in
      stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      stream.pointee.avail_in = UInt32(clamping: input.count)
      stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
      stream.pointee.avail_out = UInt32(clamping: output.count)
      let status = CZlib.inflate(stream, Z_NO_FLUSH)
      guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { return nil }
      isBetweenMembers = status == Z_STREAM_END
      if isBetweenMembers { inflateReset(stream) }
      return (input.count - Int(stream.pointee.avail_in), output.count - Int(stream.pointee.avail_out))
    }
  }
}
