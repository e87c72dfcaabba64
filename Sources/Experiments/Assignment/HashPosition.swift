import Features

/// Where the hash puts a unit: the same on every machine, in every release, in any language with SHA-256.
///
/// `position("layer/default", "u1")` is the first 53 bits of SHA-256 of the UTF-8 text `layer/default/u1`, big end first,
/// divided by 2⁵³. Names have no `/` and the unit comes last, so different inputs are different texts.
public enum HashPosition {
  /// A number in [0, 1), uniform over units and independent between keys. Cost: one SHA-256, about half a microsecond.
  public static func position(_ key: String, _ unit: String) -> Double {
    position(prefix: Array("\(key)/".utf8), unit)
  }

  static func position(prefix: [UInt8], _ unit: String) -> Double {
    let digest = SHA256.digest(of: prefix + unit.utf8)
    let word = digest[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Double(word >> 11) * 0x1p-53
  }
}
