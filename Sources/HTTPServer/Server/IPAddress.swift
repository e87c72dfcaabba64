import Glibc

/// An IPv4 or IPv6 address. IPv4 is kept as IPv6 maps it, so both compare alike.
struct IPAddress: Hashable, Sendable {
  let high: UInt64
  let low: UInt64

  private static let mapped: UInt64 = 0xFFFF << 32

  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  var isVersion4: Bool { high == 0 && low >> 32 == 0xFFFF }

  /// - Parameter text: `192.0.2.1`, `2001:db8::1` or `[2001:db8::1]`; nil for anything else.
  init?(_ text: some StringProtocol) {
    var bare = String(text)
    if bare.hasPrefix("["), bare.hasSuffix("]") { bare = String(bare.dropFirst().dropLast()) }
    var version4 = in_addr()
    var version6 = in6_addr()
    if inet_pton(AF_INET, bare, &version4) == 1 {
      self.init(version4)
    } else if inet_pton(AF_INET6, bare, &version6) == 1 {
      self.init(version6)
    } else {
      return nil
    }
  }

  init(_ address: in_addr) {
    self.init(high: 0, low: Self.mapped | UInt64(UInt32(bigEndian: address.s_addr)))
  }

  init(_ address: in6_addr) {
    let halves = withUnsafeBytes(of: address) {
      ($0.load(as: UInt64.self), $0.load(fromByteOffset: 8, as: UInt64.self))
    }
    self.init(high: UInt64(bigEndian: halves.0), low: UInt64(bigEndian: halves.1))
  }

  var text: String {
    var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    if isVersion4 {
      var address = in_addr(s_addr: UInt32(truncatingIfNeeded: low).bigEndian)
      inet_ntop(AF_INET, &address, &buffer, socklen_t(buffer.count))
    } else {
      var halves = (high.bigEndian, low.bigEndian)
      inet_ntop(AF_INET6, &halves, &buffer, socklen_t(buffer.count))
    }
    return buffer.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }

  /// The address without all but its first bits, which count as of IPv6.
  func network(bits: Int) -> IPAddress {
    func mask(_ bits: Int) -> UInt64 { bits <= 0 ? 0 : bits >= 64 ? .max : ~(.max >> UInt64(bits)) }
    return IPAddress(high: high & mask(bits), low: low & mask(bits - 64))
  }
}
