/// The fields that decide where a request ends and whether its connection goes on. Request smuggling lives on two readers
/// disagreeing about them, so anything but the plainest form is refused.
struct FramingFields {
  private var hostCount = 0
  private var length: Int?
  private var transferCodings = 0
  private var chunkedPosition = 0
  private var hasTransferEncoding = false
  private var saysClose = false
  private var saysKeepAlive = false
  private var expectsContinue = false

  mutating func take(
    name: Slice<UnsafeRawBufferPointer>, value: Slice<UnsafeRawBufferPointer>, in head: inout RequestHead
  ) throws(ParseFailure) {
    switch name.count {
    case 4 where matches(name, "host"): try takeHost(value, in: &head)
    case 6 where matches(name, "expect"):
      guard matches(value, "100-continue") else { throw ParseFailure(417, "Only 100-continue can be expected.") }
      expectsContinue = true
    case 10 where matches(name, "connection"):
      for option in list(value) {
        saysClose = saysClose || matches(option, "close")
        saysKeepAlive = saysKeepAlive || matches(option, "keep-alive")
      }
    case 14 where matches(name, "content-length"): try takeLength(value)
    case 17 where matches(name, "transfer-encoding"): try takeCodings(value)
    default: break
    }
  }

  /// RFC 9112, 6.3, with the ambiguous cases refused.
  func finish(_ head: inout RequestHead, limits: ParserLimits) throws(ParseFailure) {
    guard hostCount == 1 || head.isVersion10 else { throw .malformed("The Host header field is missing.") }
    if hasTransferEncoding {
      guard !head.isVersion10 else { throw .malformed("HTTP/1.0 has no Transfer-Encoding.") }
      guard length == nil else { throw .malformed("Both Content-Length and Transfer-Encoding.") }
      guard chunkedPosition > 0, chunkedPosition == transferCodings else {
        throw .malformed("The last transfer coding must be chunked, once.")
      }
      guard transferCodings == 1 else { throw ParseFailure(501, "The only transfer coding is chunked.") }
      head.framing = .chunked
    } else if let length {
      guard length <= limits.bodyBytesMax else {
        throw ParseFailure(413, "The body is larger than \(limits.bodyBytesMax) bytes.")
      }
      head.framing = .length(length)
    }
    head.keepsAlive = !saysClose && (!head.isVersion10 || saysKeepAlive)
    head.expectsContinue = expectsContinue && !head.isVersion10
  }

  private mutating func takeHost(
    _ value: Slice<UnsafeRawBufferPointer>, in head: inout RequestHead
  ) throws(ParseFailure) {
    hostCount += 1
    guard hostCount == 1 else { throw .malformed("More than one Host header field.") }
    guard Authority.isValid(value) else { throw .malformed("The Host header field is not a host and perhaps a port.") }
    if head.authority.range.isEmpty { head.authority = .init(value.startIndex..<value.endIndex) }
  }

  private mutating func takeLength(_ value: Slice<UnsafeRawBufferPointer>) throws(ParseFailure) {
    guard length == nil else { throw .malformed("More than one Content-Length.") }
    guard !value.isEmpty, value.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else {
      throw .malformed("Content-Length is not a decimal number.")
    }
    length = value.reduce(0) { total, byte in
      let (product, overflowed) = total.multipliedReportingOverflow(by: 10)
      let (sum, overflowedAgain) = product.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      return overflowed || overflowedAgain ? Int.max : sum
    }
  }

  private mutating func takeCodings(_ value: Slice<UnsafeRawBufferPointer>) throws(ParseFailure) {
    hasTransferEncoding = true
    for coding in list(value) {
      let name = coding.prefix { $0 != UInt8(ascii: ";") }
      guard !coding.isEmpty, name.count == coding.count, ByteSet.token.containsAll(name) else {
        throw .malformed("Transfer-Encoding is not a list of plain codings.")
      }
      transferCodings += 1
      if matches(name, "chunked") {
        guard chunkedPosition == 0 else { throw .malformed("The body is said to be chunked twice.") }
        chunkedPosition = transferCodings
      }
    }
  }

  /// The elements between commas, without the white space around them.
  private func list(_ value: Slice<UnsafeRawBufferPointer>) -> [Slice<UnsafeRawBufferPointer>] {
    value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { element in
      var element = element
      while let first = element.first, FieldLine.isWhiteSpace(first) { element.removeFirst() }
      while let last = element.last, FieldLine.isWhiteSpace(last) { element.removeLast() }
      return element
    }
  }
}
