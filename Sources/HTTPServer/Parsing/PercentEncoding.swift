/// Percent-encoding of RFC 3986 and the form encoding that queries use.
enum PercentEncoding {
  /// Whether each percent sign has two hexadecimal digits behind it.
  static func isValid(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
    var index = bytes.startIndex
    while let percent = bytes[index...].firstIndex(of: UInt8(ascii: "%")) {
      guard percent + 2 < bytes.endIndex, hexadecimal(bytes[percent + 1]) != nil,
        hexadecimal(bytes[percent + 2]) != nil
      else { return false }
      index = percent + 3
    }
    return true
  }

  /// Returns the text; nil when it is not UTF-8, has a NUL or a broken escape.
  static func decode(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool) -> String? {
    let percent = UInt8(ascii: "%")
    func isPlain(_ byte: UInt8) -> Bool { byte < 0x80 && byte != percent && byte != UInt8(ascii: "+") }
    if bytes.allSatisfy(isPlain) { return String(decoding: bytes, as: UTF8.self) }
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      if byte == percent {
        guard index + 2 < bytes.endIndex, let high = hexadecimal(bytes[index + 1]),
          let low = hexadecimal(bytes[index + 2]), high | low != 0
        else { return nil }
        decoded.append(high << 4 | low)
        index += 3
      } else {
        decoded.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
        index += 1
      }
    }
    return String(validating: decoded, as: UTF8.self)
  }

  static func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
