/// The JSON of a map of texts: keys ascending by their bytes, no white space, so equal maps are equal texts.
enum JSONText {
  static func encode(_ map: [String: String]) -> String {
    if map.isEmpty { return "{}" }
    var text: [UInt8] = []
    text.reserveCapacity(map.count * 32)
    var separator = UInt8(ascii: "{")
    for (key, value) in map.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      text.append(separator)
      append(key, to: &text)
      text.append(UInt8(ascii: ":"))
      append(value, to: &text)
      separator = UInt8(ascii: ",")
    }
    text.append(UInt8(ascii: "}"))
    return String(decoding: text, as: UTF8.self)
  }

  private static func append(_ string: String, to text: inout [UInt8]) {
    text.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), byte]
      case 0..<0x20: text += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
      default: text.append(byte)
      }
    }
    text.append(UInt8(ascii: "\""))
  }
}
