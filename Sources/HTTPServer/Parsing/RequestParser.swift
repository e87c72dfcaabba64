/// Parses one request head, strictly (RFC 9112): whatever two readers could understand differently is refused.
///
/// It is given all bytes of the request that have arrived, again and again as more come, and resumes where it stopped, so
/// the work is linear however the bytes are split. It holds no pointer between calls.
struct RequestParser {
  private(set) var head = RequestHead()
  let limits: ParserLimits
  private var hasRequestLine = false
  private var lineStart = 0
  private var scanned = 0
  private var fieldsStart = 0
  private var framing = FramingFields()

  init(limits: ParserLimits) {
    self.limits = limits
  }

  /// Whether part of a request has arrived.
  var isUnderway: Bool { scanned > 0 }

  /// Returns how many bytes the head has, once it is complete; nil while it is not. Then `head` holds its own copy of them.
  mutating func parse(_ bytes: UnsafeRawBufferPointer) throws(ParseFailure) -> Int? {
    while let lineEnd = try nextLineEnd(bytes) {
      let line = bytes[lineStart..<lineEnd]
      lineStart = lineEnd + 2
      scanned = lineStart
      if !line.isEmpty {
        try take(line)
      } else if hasRequestLine {
        try finish(bytes)
        return lineStart
      }
      try checkSize()
    }
    try checkSize()
    return nil
  }

  private mutating func take(_ line: Slice<UnsafeRawBufferPointer>) throws(ParseFailure) {
    if hasRequestLine {
      guard head.fields.count < limits.headerFieldsMax else {
        throw ParseFailure(431, "The request has more than \(limits.headerFieldsMax) header fields.")
      }
      let field = try FieldLine(line)
      try framing.take(name: line.base[field.name], value: line.base[field.value], in: &head)
      head.fields.append(.init(name: .init(field.name), value: .init(field.value)))
    } else {
      if head.fields.capacity == 0 { head.fields.reserveCapacity(8) }
      try RequestLine.parse(line, into: &head, limits: limits)
      hasRequestLine = true
      fieldsStart = lineStart
    }
  }

  private mutating func finish(_ bytes: UnsafeRawBufferPointer) throws(ParseFailure) {
    try checkSize()
    try framing.finish(&head, limits: limits)
    head.bytes = Array(bytes[..<lineStart])
  }

  private func checkSize() throws(ParseFailure) {
    if hasRequestLine {
      guard scanned - fieldsStart <= limits.headerBytesMax else {
        throw ParseFailure(431, "The header is larger than \(limits.headerBytesMax) bytes.")
      }
    } else if scanned > ParserLimits.methodBytesMax + limits.targetBytesMax + " HTTP/1.1 \r\n".utf8.count {
      throw ParseFailure(414, "The request target is longer than \(limits.targetBytesMax) bytes.")
    }
  }

  /// The index of the carriage return that ends the current line; nil when it has not arrived.
  private mutating func nextLineEnd(_ bytes: UnsafeRawBufferPointer) throws(ParseFailure) -> Int? {
    var index = scanned
    let count = bytes.count
    defer { scanned = index }
    while index < count {
      let byte = bytes[index]
      if byte >= 0x20, byte != 0x7F {
        index += 1
      } else if byte == 0x0D {
        guard index + 1 < count else { return nil }
        guard bytes[index + 1] == 0x0A else { throw .malformed("A carriage return is not followed by a line feed.") }
        return index
      } else if byte == 0x09 {
        index += 1
      } else {
        throw .malformed(
          byte == 0x0A ? "A line feed has no carriage return before it." : "A control character in the head.")
      }
    }
    return nil
  }
}
