extension [UInt8] {
  /// Appends a JSON string (RFC 8259, section 7).
  package mutating func appendJSON(_ text: String) {
    append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): self += [UInt8(ascii: "\\"), byte]
      case 0..<0x20:
        let digits = Array("0123456789abcdef".utf8)
        self += Array(#"\u00"#.utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: append(byte)
      }
    }
    append(UInt8(ascii: "\""))
  }

  package mutating func appendJSON(_ texts: [String]) {
    append(UInt8(ascii: "["))
    for (index, text) in texts.enumerated() {
      if index > 0 { append(UInt8(ascii: ",")) }
      appendJSON(text)
    }
    append(UInt8(ascii: "]"))
  }

  /// Appends the name of an object's next member.
  mutating func appendJSONName(_ name: String, isFirst: inout Bool) {
    if !isFirst { append(UInt8(ascii: ",")) }
    isFirst = false
    appendJSON(name)
    append(UInt8(ascii: ":"))
  }

  /// Appends an object whose names ascend by their bytes.
  package mutating func appendJSON<Value>(_ members: [String: Value], _ appendValue: (inout Self, Value) -> Void) {
    append(UInt8(ascii: "{"))
    var isFirst = true
    for (name, value) in members.sorted(by: { utf8Precedes($0.key, $1.key) }) {
      appendJSONName(name, isFirst: &isFirst)
      appendValue(&self, value)
    }
    append(UInt8(ascii: "}"))
  }
}
