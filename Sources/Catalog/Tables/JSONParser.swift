import Foundation

/// Reads one JSON value from bytes.
struct JSONParser {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let allowsRepeatedNames: Bool
  private var offset = 0
  private var valueCount = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, allowsRepeatedNames: Bool = false) {
    self.bytes = bytes
    self.allowsRepeatedNames = allowsRepeatedNames
  }

  /// The one value in the bytes.
  mutating func document() throws(LineError) -> JSONValue {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw LineError("not JSON: the text isn't UTF-8; convert it")
    }
    let value = try value(depth: 0)
    skipSpace()
    guard offset == bytes.count else { throw failure("something follows the value") }
    return value
  }

  private mutating func value(depth: Int) throws(LineError) -> JSONValue {
    skipSpace()
    guard depth <= JSONValue.Limits.depthMax else {
      throw failure("more than \(JSONValue.Limits.depthMax) arrays and objects within each other")
    }
    valueCount += 1
    guard valueCount <= JSONValue.Limits.valueCountMax else {
      throw failure("more than \(JSONValue.Limits.valueCountMax) values; send fewer at a time,")
    }
    switch peek {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  private mutating func object(depth: Int) throws(LineError) -> JSONValue {
    var members: [JSONValue.Member] = []
    var names = Set<String>()
    offset += 1
    skipSpace()
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      guard peek == UInt8(ascii: "\"") else { throw failure("a member's name in quotes is missing") }
      let name = try string()
      guard allowsRepeatedNames || names.insert(name).inserted else {
        throw failure("the member '\(name)' appears twice")
      }
      skipSpace()
      guard take(":") else { throw failure("a colon is missing") }
      members.append(JSONValue.Member(name: name, value: try value(depth: depth + 1)))
      skipSpace()
    } while take(",")
    guard take("}") else { throw failure("a comma or } is missing") }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(LineError) -> JSONValue {
    var elements: [JSONValue] = []
    offset += 1
    skipSpace()
    if take("]") { return .array(elements) }
    repeat {
      elements.append(try value(depth: depth + 1))
      skipSpace()
    } while take(",")
    guard take("]") else { throw failure("a comma or ] is missing") }
    return .array(elements)
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws(LineError) -> JSONValue {
    for index in 0..<word.utf8CodeUnitCount {
      guard peek == word.utf8Start[index] else { throw failure("a value is missing") }
      offset += 1
    }
    return value
  }

  private mutating func number() throws(LineError) -> String {
    let start = offset
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  private mutating func digits() throws(LineError) {
    let start = offset
    while let digit = peek, digit &- UInt8(ascii: "0") < 10 { offset += 1 }
    guard offset > start else { throw failure("a value is missing") }
  }

  private mutating func string() throws(LineError) -> String {
    offset += 1
    let start = offset
    while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { offset += 1 }
    if take("\"") { return String(decoding: bytes[start..<offset - 1], as: UTF8.self) }
    var content = Array(bytes[start..<offset])
    while let byte = peek, byte >= 0x20 {
      offset += 1
      switch byte {
      case UInt8(ascii: "\""):
        return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(into: &content)
      default: content.append(byte)
      }
    }
    throw failure("a text isn't closed, or holds a control character")
  }

  private mutating func escape(into content: inout [UInt8]) throws(LineError) {
    guard let byte = peek else { throw failure("a text isn't closed") }
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "u"): content += String(Character(try escapedScalar())).utf8
    default: throw failure("an unknown escape")
    }
  }

  /// The scalar of one \u, or of two that are a surrogate pair.
  private mutating func escapedScalar() throws(LineError) -> Unicode.Scalar {
    let first = try hexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, take("\\"), take("u") else { throw failure("half a surrogate pair") }
    let second = try hexadecimal()
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw failure("half a surrogate pair") }
    return scalar
  }

  private mutating func hexadecimal() throws(LineError) -> UInt32 {
    var number: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw failure("an escape needs four hexadecimal digits")
      }
      number = number << 4 | UInt32(digit)
      offset += 1
    }
    return number
  }

  private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(truncatingIfNeeded: character.value) else { return false }
    offset += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { offset += 1 }
  }

  private func failure(_ reason: String) -> LineError {
    LineError("not JSON: \(reason) at byte \(offset + 1)")
  }
}
