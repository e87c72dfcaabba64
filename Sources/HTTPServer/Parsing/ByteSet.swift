/// A set of ASCII bytes: one bit each, so membership is a shift and a mask. Bytes from 128 up are never members.
struct ByteSet: Sendable {
  private let low: UInt64
  private let high: UInt64

  private init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  init(_ members: StaticString, alphanumerics: Bool = true) {
    var bits: (low: UInt64, high: UInt64) = (0, 0)
    func insert(_ byte: UInt8) {
      if byte < 64 { bits.low |= 1 << UInt64(byte) } else { bits.high |= 1 << UInt64(byte - 64) }
    }
    members.withUTF8Buffer { $0.forEach(insert) }
    if alphanumerics {
      for range in [UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z")] {
        range.forEach(insert)
      }
      (UInt8(ascii: "a")...UInt8(ascii: "z")).forEach(insert)
    }
    self.init(low: bits.low, high: bits.high)
  }

  @inline(__always)
  func contains(_ byte: UInt8) -> Bool {
    if byte < 64 { return low >> UInt64(byte) & 1 == 1 }
    return byte < 128 && high >> UInt64(byte - 64) & 1 == 1
  }

  @inline(__always)
  func containsAll(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
    bytes.allSatisfy { contains($0) }
  }

  /// RFC 9110, 5.6.2: what methods, field names and transfer codings are made of.
  static let token = ByteSet("!#$%&'*+-.^_`|~")
  /// RFC 3986, 3.3: `pchar` and the slash; `%` is checked on its own.
  static let path = ByteSet("-._~!$&'()*+,;=:@/%")
  /// RFC 3986, 3.4, and the characters that browsers leave unescaped in a query although the grammar wants them escaped.
  static let query = ByteSet("-._~!$&'()*+,;=:@/?%[]{}|^`\\")
  /// RFC 3986, 3.2.2: a registered name; `%` is checked on its own.
  static let registeredName = ByteSet("-._~!$&'()*+,;=%")
  /// RFC 3986, 3.2.2: what stands between the brackets of an IP literal.
  static let addressLiteral = ByteSet("-._~!$&'()*+,;=:")
}
