/// Reads JSON (RFC 8259) value by value, straight from bytes: a model of a million weights is never held as a tree.
struct JSONScanner {
  /// Nesting of arrays and objects in skipped values.
  static let depthMax = 64

  private let bytes: UnsafeBufferPointer<UInt8>
  /// Bytes read so far.
  private(set) var position = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  /// - throws: ``ModelError`` unless `text` is one JSON object.
  static func checkObject(_ text: String) throws(ModelError) {
    let bytes = Array(text.utf8)
    let failure = bytes.withUnsafeBufferPointer { buffer -> ModelError? in
      var scanner = JSONScanner(buffer)
      do throws(ModelError) {
        guard scanner.next() == UInt8(ascii: "{") else { return scanner.malformed("lineage must be an object") }
        try scanner.skipValue()
        try scanner.finish()
        return nil
      } catch { return error }
    }
    if let failure { throw failure }
  }

  /// The next byte that isn't white space, not consumed; `nil` at the end.
  mutating func next() -> UInt8? {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return bytes[position]
      }
    }
    return nil
  }

  /// Requires that nothing follows.
  mutating func finish() throws(ModelError) {
    guard next() == nil else { throw malformed("something follows the closing bracket") }
  }

  /// Reads an object; `member` has to consume the value of each key.
  mutating func object(
    _ member: (inout JSONScanner, String) throws(ModelError) -> Void
  ) throws(ModelError) {
    try expect("{")
    guard try !consume("}") else { return }
    repeat {
      let key = try string()
      try expect(":")
      try member(&self, key)
    } while try consume(",")
    try expect("}")
  }

  /// Reads an array; `element` has to consume each value.
  mutating func array(_ element: (inout JSONScanner) throws(ModelError) -> Void) throws(ModelError) {
    try expect("[")
    guard try !consume("]") else { return }
    repeat { try element(&self) } while try consume(",")
    try expect("]")
  }

  /// Reads a string.
  mutating func string() throws(ModelError) -> String {
    try expect("\"")
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        return try text(start..<position - 1)
      case UInt8(ascii: "\\"):
        return try escapedString(from: start)
      case ..<0x20: throw malformed("a control character stands in a string; escape it")
      default: position += 1
      }
    }
    throw malformed("a string doesn't end")
  }

  /// Reads a number, or one of the strings "Infinity", "-Infinity" and "NaN".
  mutating func number() throws(ModelError) -> Double {
    if next() == UInt8(ascii: "\"") {
      let name = try string()
      let special = ["Infinity": Double.infinity, "-Infinity": -.infinity, "NaN": .nan][name]
      guard let special else { throw malformed("'\(name)' isn't a number") }
      return special
    }
    let start = position
    while position < bytes.count, Self.isNumberByte(bytes[position]) { position += 1 }
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
    guard let number = Double(text) else { throw malformed("a number is missing") }
    return number
  }

  /// Passes over any value; returns its bytes.
  @discardableResult
  mutating func skipValue(depth: Int = 0) throws(ModelError) -> Range<Int> {
    guard depth < Self.depthMax else { throw malformed("values are nested deeper than \(Self.depthMax)") }
    let first = next()
    let start = position
    switch first {
    case UInt8(ascii: "{"):
      try object { scanner, _ throws(ModelError) in try scanner.skipValue(depth: depth + 1) }
    case UInt8(ascii: "["):
      try array { scanner throws(ModelError) in try scanner.skipValue(depth: depth + 1) }
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"): try literal("true")
    case UInt8(ascii: "f"): try literal("false")
    case UInt8(ascii: "n"): try literal("null")
    default: _ = try number()
    }
    return start..<position
  }

  /// The text of a range of bytes.
  func text(_ range: Range<Int>) throws(ModelError) -> String {
    guard let text = String(validating: bytes[range], as: UTF8.self) else {
      throw malformed("a string isn't UTF-8")
    }
    return text
  }

  /// An error that names the place.
  func malformed(_ reason: String) -> ModelError {
    ModelError(.malformed, "\(reason), at byte \(position); export the model again")
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(ModelError) {
    guard try consume(character) else { throw malformed("'\(character)' is missing") }
  }

  private mutating func consume(_ character: Unicode.Scalar) throws(ModelError) -> Bool {
    guard next() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func literal(_ name: String) throws(ModelError) {
    guard bytes[position...].starts(with: name.utf8) else { throw malformed("'\(name)' is misspelt") }
    position += name.utf8.count
  }

  private static func isNumberByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
      UInt8(ascii: "e"), UInt8(ascii: "E"):
      return true
    default: return false
    }
  }
}

extension JSONScanner {
  /// Reads the rest of a string that has an escape at the current position.
  private mutating func escapedString(from start: Int) throws(ModelError) -> String {
    var collected = Array(bytes[start..<position])
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: collected, as: UTF8.self) else { throw malformed("a string isn't UTF-8") }
        return text
      case UInt8(ascii: "\\"): collected += try escape().utf8
      case ..<0x20: throw malformed("a control character stands in a string; escape it")
      default: collected.append(byte)
      }
    }
    throw malformed("a string doesn't end")
  }

  private mutating func escape() throws(ModelError) -> String {
    guard position < bytes.count else { throw malformed("a string doesn't end") }
    let letter = bytes[position]
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return String(Unicode.Scalar(letter))
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return String(try unicodeScalar())
    default: throw malformed("an escape is unknown")
    }
  }

  /// Reads the four digits after `\u`, and a second escape when they are the first half of a surrogate pair.
  private mutating func unicodeScalar() throws(ModelError) -> Unicode.Scalar {
    var code = try hexadecimal()
    if 0xD800..<0xDC00 ~= code {
      guard bytes[position...].starts(with: Array("\\u".utf8)) else { throw malformed("half of a surrogate pair") }
      position += 2
      let low = try hexadecimal()
      guard 0xDC00..<0xE000 ~= low else { throw malformed("half of a surrogate pair") }
      code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw malformed("half of a surrogate pair") }
    return scalar
  }

  private mutating func hexadecimal() throws(ModelError) -> UInt32 {
    guard position + 4 <= bytes.count else { throw malformed("a string doesn't end") }
    let digits = try text(position..<position + 4)
    guard let code = UInt32(digits, radix: 16), !digits.hasPrefix("+") else { throw malformed("an escape is unknown") }
    position += 4
    return code
  }
}
