import CZlib

/// Packs one gzip member (RFC 1952) step by step.
final class Deflater {
  private static let level: Int32 = 6

  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

  init() {
    stream.initialize(to: z_stream())
    let gzip = MAX_WBITS + 16
    let status = czlib_deflate_init(stream, Self.level, gzip)
    precondition(status == Z_OK, "zlib has no memory")
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// What there is to write after `input`; with `isLast` the end of the member too.
  func deflate(_ input: [UInt8], isLast: Bool) -> [UInt8] {
    var input = input
    return input.withUnsafeMutableBufferPointer { input in
      // An upper bound for what comes out at once, with what zlib holds back from earlier calls.
      let capacity = Int(deflateBound(stream, UInt(input.count))) + (1 << 17)
      return [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
        stream.pointee.next_in = input.baseAddress
        stream.pointee.avail_in = UInt32(clamping: input.count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(clamping: capacity)
        let status = CZlib.deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
        precondition(status == (isLast ? Z_STREAM_END : Z_OK) || input.count == 0, "zlib needs more room")
        count = capacity - Int(stream.pointee.avail_out)
      }
    }
  }
}
