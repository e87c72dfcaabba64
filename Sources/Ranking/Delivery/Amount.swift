/// A sum of money in billionths of a currency unit, so that adding is exact in any order.
enum Amount {
  /// Amounts beyond are counted as this one, 9.2 billion currency units.
  static let unlimited = Int64.max
  private static let perUnit = 1e9

  /// - parameter units: currency units; what isn't above 0 is 0.
  static func nanos(_ units: Double) -> Int64 {
    let nanos = (units * perUnit).rounded()
    return nanos > 0 ? Int64(exactly: min(nanos, 0x1p62)) ?? unlimited : 0
  }

  static func units(_ nanos: Int64) -> Double { Double(nanos) / perUnit }
}
