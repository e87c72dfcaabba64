import CZlib
import HTTPTypes

/// gzip by zlib (RFC 1952).
enum Gzip {
  private static let windowBits = MAX_WBITS + 16
  private static let pieceBytes = 64 * 1024

  /// Whether answers of this kind shrink: text does, pictures don't, and what is encoded already stays as it is.
  static func isWorthIt(_ response: Response) -> Bool {
    guard let type = response.fields.first(where: { $0.name == .contentType })?.value,
      !response.fields.contains(.contentEncoding)
    else { return false }
    return type.hasPrefix("text/") || type.hasPrefix("application/json") || type.hasPrefix("application/problem+json")
      || type.hasPrefix("application/openmetrics-text") || type.hasPrefix("application/x-ndjson")
  }

  /// Tells caches that the answer depends on what codings the client takes.
  static let varies = HTTPField(name: .vary, value: "Accept-Encoding")

  static func compressed(_ response: Response, level: Int) -> Response {
    var response = response
    response.fields.append(varies)
    guard let body = deflate(response.body, level: level) else { return response }
    response.body = body
    response.fields[.contentEncoding] = "gzip"
    return response
  }

  /// Returns the bytes as one gzip member; nil when zlib has no memory.
  static func deflate(_ bytes: [UInt8], level: Int) -> [UInt8]? {
    var stream = z_stream()
    guard czlib_deflate_init(&stream, Int32(clamping: level), windowBits) == Z_OK else { return nil }
    defer { deflateEnd(&stream) }
    let bound = Int(deflateBound(&stream, UInt(bytes.count)))
    return bytes.withUnsafeBufferPointer { input in
      [UInt8](unsafeUninitializedCapacity: bound) { output, count in
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(bound)
        CZlib.deflate(&stream, Z_FINISH)
        count = bound - Int(stream.avail_out)
      }
    }
  }

  /// Returns what the gzip members in `bytes` hold. The size is checked piece by piece, so a bomb costs no memory.
  static func inflate(_ bytes: [UInt8], bytesMax: Int) throws(Problem) -> [UInt8] {
    var inflated: [UInt8] = []
    var stream = z_stream()
    guard czlib_inflate_init(&stream, windowBits) == Z_OK else {
      throw Problem(.serviceUnavailable, detail: "No memory to inflate the body. Try again later.")
    }
    defer { inflateEnd(&stream) }
    let outcome = bytes.withUnsafeBufferPointer { input -> Outcome in
      stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      stream.avail_in = UInt32(input.count)
      return inflate(&stream, into: &inflated, bytesMax: bytesMax)
    }
    switch outcome {
    case .complete: return inflated
    case .broken: throw Problem(.badRequest, detail: "The body is not valid gzip.")
    case .tooLarge: throw Problem(.contentTooLarge, detail: "The body inflates to more than \(bytesMax) bytes.")
    }
  }

  private enum Outcome { case complete, broken, tooLarge }

  private static func inflate(_ stream: inout z_stream, into inflated: inout [UInt8], bytesMax: Int) -> Outcome {
    let piece = UnsafeMutablePointer<UInt8>.allocate(capacity: pieceBytes)
    defer { piece.deallocate() }
    while true {
      stream.next_out = piece
      stream.avail_out = UInt32(pieceBytes)
      let status = CZlib.inflate(&stream, Z_NO_FLUSH)
      let count = pieceBytes - Int(stream.avail_out)
      guard inflated.count + count <= bytesMax else { return .tooLarge }
      inflated.append(contentsOf: UnsafeBufferPointer(start: piece, count: count))
      if status == Z_STREAM_END {
        if stream.avail_in == 0 { return .complete }
        guard inflateReset(&stream) == Z_OK else { return .broken }
      } else if status != Z_OK || stream.avail_in == 0 && count == 0 {
        return .broken
      }
    }
  }
}
