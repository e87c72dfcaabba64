/// A host and perhaps a port, as in Host and in an absolute target (RFC 3986, 3.2): never empty, never with user info.
enum Authority {
  static func isValid(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
    guard let first = bytes.first else { return false }
    let host: Slice<UnsafeRawBufferPointer>
    if first == UInt8(ascii: "[") {
      guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { return false }
      let literal = bytes[(bytes.startIndex + 1)..<close]
      guard !literal.isEmpty, ByteSet.addressLiteral.containsAll(literal) else { return false }
      host = bytes[...close]
    } else {
      host = bytes[..<(bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex)]
      guard !host.isEmpty, ByteSet.registeredName.containsAll(host), PercentEncoding.isValid(host) else { return false }
    }
    return isPort(bytes[host.endIndex...])
  }

  private static func isPort(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
    guard let colon = bytes.first else { return true }
    guard colon == UInt8(ascii: ":"), bytes.count <= 6 else { return false }
    var port = 0
    for byte in bytes.dropFirst() {
      guard byte &- UInt8(ascii: "0") < 10 else { return false }
      port = port * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return port <= 65535
  }
}
