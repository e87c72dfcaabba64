/// One field line of RFC 9112, 5: a name, a colon right behind it, and a value without the white space around it.
struct FieldLine {
  let name: Range<Int>
  let value: Range<Int>

  init(_ line: Slice<UnsafeRawBufferPointer>) throws(ParseFailure) {
    guard let first = line.first, !Self.isWhiteSpace(first) else {
      throw .malformed("A header field may not be folded over lines.")
    }
    let token = ByteSet.token
    var colon = line.startIndex
    while colon < line.endIndex, token.contains(line[colon]) { colon += 1 }
    guard colon > line.startIndex, colon < line.endIndex, line[colon] == UInt8(ascii: ":") else {
      throw .malformed("A header field is not a name, directly followed by a colon.")
    }
    name = line.startIndex..<colon
    var start = colon + 1
    var end = line.endIndex
    while start < end, Self.isWhiteSpace(line[start]) { start += 1 }
    while end > start, Self.isWhiteSpace(line[end - 1]) { end -= 1 }
    value = start..<end
  }

  static func isWhiteSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
