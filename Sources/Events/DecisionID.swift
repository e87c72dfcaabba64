/// Name of one answer of /rank: 48 bits of time in milliseconds, then 80 random bits, so that ids ascend with time.
///
/// Two ids of the same millisecond are equal with a probability of 2⁻⁸⁰. Text is 32 lowercase hexadecimal digits, whose
/// alphabetical order is the order of the ids.
public struct DecisionID: Sendable, Hashable {
  /// Time in the upper 48 bits, then the first 16 random bits.
  let high: UInt64
  /// The other 64 random bits.
  let low: UInt64

  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// An id of the lower 48 bits of `time` and the lower 80 bits of `random`.
  public init(time: Milliseconds, random: UInt128) {
    high =
      UInt64(truncatingIfNeeded: time) << 16 | UInt64(truncatingIfNeeded: random >> 64) & 0xFFFF
    low = UInt64(truncatingIfNeeded: random)
  }

  /// An id of `time` and 80 bits drawn from `generator`.
  public init(time: Milliseconds, using generator: inout some RandomNumberGenerator) {
    self.init(
      time: time,
      random: UInt128(generator.next() as UInt64) << 64 | UInt128(generator.next() as UInt64))
  }

  /// The id written as 32 hexadecimal digits of either case, or `nil` for any other text.
  public init?(hexadecimal text: some StringProtocol) {
    guard text.utf8.count == 32,
      text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") })
    else {
      return nil
    }
    guard let high = UInt64(text.prefix(16), radix: 16),
      let low = UInt64(text.suffix(16), radix: 16)
    else { return nil }
    self.init(high: high, low: low)
  }

  /// When the decision was made, taken from the id itself.
  public var time: Milliseconds { Milliseconds(high >> 16) }

  /// The 16 bytes of the id, most significant first.
  public var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 16) { bytes, count in
      UnsafeMutableRawBufferPointer(bytes).storeBytes(of: high.bigEndian, as: UInt64.self)
      UnsafeMutableRawBufferPointer(bytes).storeBytes(
        of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
      count = 16
    }
  }
}

extension DecisionID: Comparable {
  public static func < (left: DecisionID, right: DecisionID) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}

extension DecisionID: CustomStringConvertible {
  public var description: String {
    String(unsafeUninitializedCapacity: 32) { text in
      for index in 0..<32 {
        let word = index < 16 ? high : low
        let digit = UInt8(truncatingIfNeeded: word >> (60 - 4 * UInt64(index % 16))) & 15
        text[index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
      }
      return 32
    }
  }
}

extension DecisionID {
  /// The random part of the id: what a decision's own chance is drawn from, so that it can be drawn again.
  public var seed: UInt64 { low }
}
