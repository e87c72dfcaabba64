/// The request line of RFC 9112, 3: method, target and version with exactly one space between them.
enum RequestLine {
  private static let methods = RequestHead.Method.allCases.map { (name: Array($0.rawValue.utf8), method: $0) }

  static func parse(
    _ line: Slice<UnsafeRawBufferPointer>, into head: inout RequestHead, limits: ParserLimits
  ) throws(ParseFailure) {
    let space = UInt8(ascii: " ")
    guard let first = line.firstIndex(of: space), let second = line[(first + 1)...].firstIndex(of: space) else {
      if line.count > limits.targetBytesMax { throw ParseFailure(414, "The request line is too long.") }
      throw .malformed("The request line is not a method, a target and a version with one space between them.")
    }
    let method = line[..<first]
    let target = line[(first + 1)..<second]
    guard !method.isEmpty, ByteSet.token.containsAll(method) else { throw .malformed("The method is not a token.") }
    guard target.count <= limits.targetBytesMax else {
      throw ParseFailure(414, "The request target is longer than \(limits.targetBytesMax) bytes.")
    }
    head.isVersion10 = try version(line[(second + 1)...]) == 0
    guard let known = methods.first(where: { method.elementsEqual($0.name) })?.method else {
      throw ParseFailure(501, "The method is not implemented.")
    }
    head.method = known
    head.target = .init(target.startIndex..<target.endIndex)
    try RequestTarget.parse(target, into: &head)
  }

  /// Returns the minor version, 0 or 1; a later 1.x is served as 1.1 (RFC 9110, 2.5).
  private static func version(_ bytes: Slice<UnsafeRawBufferPointer>) throws(ParseFailure) -> Int {
    let start = bytes.startIndex
    guard bytes.count == 8, isName(bytes), bytes[start + 6] == UInt8(ascii: "."),
      let major = digit(bytes[start + 5]), let minor = digit(bytes[start + 7])
    else { throw .malformed("The version is not of the form HTTP/1.1.") }
    guard major == 1 else { throw ParseFailure(505, "Only HTTP/1.0 and HTTP/1.1 are spoken here.") }
    return min(minor, 1)
  }

  private static func isName(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
    let start = bytes.startIndex
    return bytes[start] == UInt8(ascii: "H") && bytes[start + 1] == UInt8(ascii: "T")
      && bytes[start + 2] == UInt8(ascii: "T") && bytes[start + 3] == UInt8(ascii: "P")
      && bytes[start + 4] == UInt8(ascii: "/")
  }

  private static func digit(_ byte: UInt8) -> Int? {
    byte &- UInt8(ascii: "0") < 10 ? Int(byte - UInt8(ascii: "0")) : nil
  }
}
