/// The trailer fields behind the last chunk, byte by byte: checked like header fields, and dropped (RFC 9112, 7.1.2).
struct TrailerSection {
  /// Fields that would change how the message is read, were they believed here (RFC 9110, 6.5.1).
  private static let forbidden: [StaticString] = [
    "content-length", "transfer-encoding", "host", "content-encoding", "content-type", "content-range", "connection",
    "trailer", "te", "expect", "authorization", "cache-control", "max-forwards", "range",
  ]

  private var line: [UInt8] = []
  private var sawReturn = false
  private var byteCount = 0
  private var fieldCount = 0
  private(set) var isComplete = false

  mutating func take(_ byte: UInt8, limits: ParserLimits) throws(ParseFailure) {
    byteCount += 1
    guard byteCount <= limits.headerBytesMax else { throw ParseFailure(431, "The trailer is too large.") }
    if sawReturn {
      guard byte == 0x0A else { throw .malformed("A carriage return is not followed by a line feed.") }
      sawReturn = false
      if line.isEmpty { isComplete = true } else { try endLine(limits) }
    } else if byte == 0x0D {
      sawReturn = true
    } else {
      guard byte >= 0x20 && byte != 0x7F || byte == 0x09 else {
        throw .malformed("A control character in the trailer.")
      }
      line.append(byte)
    }
  }

  private mutating func endLine(_ limits: ParserLimits) throws(ParseFailure) {
    fieldCount += 1
    guard fieldCount <= limits.headerFieldsMax else { throw ParseFailure(431, "The trailer has too many fields.") }
    let failure: ParseFailure? = line.withUnsafeBytes { bytes in
      do throws(ParseFailure) {
        let name = bytes[try FieldLine(bytes[...]).name]
        return Self.forbidden.contains { matches(name, $0) } ? .malformed("A field that may not be a trailer.") : nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
    line.removeAll(keepingCapacity: true)
  }
}
