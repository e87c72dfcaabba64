/// 64 bits of a text, the same in every process: FNV-1a, then mixed as SplitMix64 does. Not for adversaries.
struct StableHash: Sendable, Equatable {
  let value: UInt64

  init(_ text: String) {
    value = Self.mix(text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 })
  }

  private init(value: UInt64) {
    self.value = value
  }

  /// The hash of this and a number together.
  func combined(with number: UInt64) -> StableHash {
    StableHash(value: Self.mix(value ^ Self.mix(number &+ 0x9E37_79B9_7F4A_7C15)))
  }

  /// The hash as a number in [0, 1).
  var uniform: Double { Double(value >> 11) * 0x1p-53 }

  private static func mix(_ bits: UInt64) -> UInt64 {
    var mixed = bits
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
