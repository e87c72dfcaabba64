/// The line before a chunk, byte by byte: a hexadecimal size and perhaps extensions, which are checked and dropped
/// (RFC 9112, 7.1.1). `5;a=b` and `5 ; a = "b"` pass; `5 `, `+5`, `0x5` and a bare line feed don't.
struct ChunkSizeLine {
  private enum State {
    case start, size, space, nameStart, name, afterName, valueStart, token, quoted, escaped, quotedEnd, lineFeed, done
  }

  private(set) var size = 0
  private var state = State.start
  private var digits = 0
  private var extensionBytes = 0

  var isComplete: Bool { state == .done }

  mutating func take(_ byte: UInt8, extensionBytesMax: Int) throws(ParseFailure) {
    if state == .start || state == .size, let digit = PercentEncoding.hexadecimal(byte) {
      guard digits < 16, size >> 59 == 0 else { throw ParseFailure(413, "A chunk is too large.") }
      size = size << 4 | Int(digit)
      digits += 1
      state = .size
      return
    }
    extensionBytes += 1
    guard extensionBytes <= extensionBytesMax else { throw .malformed("The extensions of a chunk are too long.") }
    guard let next = following(byte) else { throw .malformed("A chunk doesn't begin with its size in hexadecimal.") }
    state = next
  }

  private func following(_ byte: UInt8) -> State? {
    switch state {
    case .start, .done: nil
    case .size, .token, .quotedEnd: state == .token && ByteSet.token.contains(byte) ? .token : afterPart(byte, .space)
    case .space: FieldLine.isWhiteSpace(byte) ? .space : byte == UInt8(ascii: ";") ? .nameStart : nil
    case .nameStart: FieldLine.isWhiteSpace(byte) ? .nameStart : ByteSet.token.contains(byte) ? .name : nil
    case .name:
      ByteSet.token.contains(byte) ? .name : byte == UInt8(ascii: "=") ? .valueStart : afterPart(byte, .afterName)
    case .afterName:
      byte == 0x0D ? nil : byte == UInt8(ascii: "=") ? .valueStart : afterPart(byte, .afterName)
    case .valueStart:
      FieldLine.isWhiteSpace(byte)
        ? .valueStart : ByteSet.token.contains(byte) ? .token : byte == UInt8(ascii: "\"") ? .quoted : nil
    case .quoted:
      byte == UInt8(ascii: "\"") ? .quotedEnd : byte == UInt8(ascii: "\\") ? .escaped : isText(byte) ? .quoted : nil
    case .escaped: isText(byte) ? .quoted : nil
    case .lineFeed: byte == 0x0A ? .done : nil
    }
  }

  private func afterPart(_ byte: UInt8, _ space: State) -> State? {
    if byte == UInt8(ascii: ";") { return .nameStart }
    if byte == 0x0D { return .lineFeed }
    return FieldLine.isWhiteSpace(byte) ? space : nil
  }

  private func isText(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == 0x09 }
}
