/// The request target of RFC 9112, 3.2: origin-form, absolute-form, or an asterisk for OPTIONS.
enum RequestTarget {
  static func parse(_ target: Slice<UnsafeRawBufferPointer>, into head: inout RequestHead) throws(ParseFailure) {
    guard let first = target.first else { throw .malformed("The request target is empty.") }
    if first == UInt8(ascii: "/") {
      try pathAndQuery(target, into: &head)
    } else if first == UInt8(ascii: "*"), target.count == 1 {
      guard head.method == .options else { throw .malformed("The target * is for OPTIONS only.") }
    } else {
      try absolute(target, into: &head)
    }
  }

  private static func pathAndQuery(
    _ bytes: Slice<UnsafeRawBufferPointer>, into head: inout RequestHead
  ) throws(ParseFailure) {
    let mark = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.endIndex
    let path = bytes[..<mark]
    let query = mark < bytes.endIndex ? bytes[(mark + 1)...] : bytes[bytes.endIndex...]
    guard ByteSet.path.containsAll(path), ByteSet.query.containsAll(query) else {
      throw .malformed("The request target has a character that must be percent-encoded.")
    }
    guard PercentEncoding.isValid(bytes) else { throw .malformed("A percent sign without two hexadecimal digits.") }
    head.path = .init(path.startIndex..<path.endIndex)
    head.query = .init(query.startIndex..<query.endIndex)
  }

  /// `http://host[:port][/path][?query]`; its authority wins over Host (RFC 9112, 3.2.2).
  private static func absolute(
    _ target: Slice<UnsafeRawBufferPointer>, into head: inout RequestHead
  ) throws(ParseFailure) {
    guard let colon = target.firstIndex(of: UInt8(ascii: ":")),
      matches(target[..<colon], "http") || matches(target[..<colon], "https"),
      target[colon...].starts(with: "://".utf8)
    else { throw .malformed("The request target is neither a path nor an http address.") }
    let rest = target[(colon + 3)...]
    let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
    guard Authority.isValid(rest[..<end]) else { throw .malformed("The host of the request target is not valid.") }
    head.authority = .init(rest.startIndex..<end)
    try pathAndQuery(rest[end...], into: &head)
  }
}
