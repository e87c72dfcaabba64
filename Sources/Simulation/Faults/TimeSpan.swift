import Events

/// A span of time as people write it: `90s`, `30m`, `6h`, `1d12h`.
public struct TimeSpan: Sendable, Equatable {
  public let milliseconds: Milliseconds

  private static let units: [Character: Milliseconds] = ["s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
  /// 100 years.
  private static let longest: Milliseconds = 36_500 * 86_400_000

  /// `nil` for text that is no span, or one beyond 100 years; `0` needs no unit.
  public init?(text: String) {
    var sum: Milliseconds = 0
    var digits = ""
    for character in text {
      if character.isASCII, character.isNumber {
        digits.append(character)
        continue
      }
      guard let unit = Self.units[character], let count = Int64(digits) else { return nil }
      let (product, isOverflow) = count.multipliedReportingOverflow(by: unit)
      guard !isOverflow, product <= Self.longest - sum else { return nil }
      sum += product
      digits = ""
    }
    guard digits.isEmpty || text == "0", !text.isEmpty else { return nil }
    milliseconds = sum
  }
}
