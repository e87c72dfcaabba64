import Events

/// How a file writes a time.
public enum TimeFormat: Sendable, Equatable {
  /// `2019-11-24T00:01:03.979311+00:00`: T or a space, seconds, fraction and zone optional, no zone means UTC.
  case iso8601
  /// Seconds since 1970, with or without a fraction.
  case seconds
  /// Milliseconds since 1970.
  case milliseconds
  /// Digits of fixed width, named by y, M, d, H, m, s: `yyMMddHH` reads 14102100. In UTC.
  case pattern(String)

  /// The time of `text` in milliseconds since 1970, or `nil` when the text isn't written so.
  public func time(_ text: String) -> Milliseconds? {
    switch self {
    case .iso8601: return Self.iso8601(text)
    case .seconds: return Double(text).flatMap { Milliseconds(exactly: ($0 * 1000).rounded()) }
    case .milliseconds: return Milliseconds(text)
    case .pattern(let pattern): return Self.digits(text, pattern: pattern)
    }
  }

  private static func digits(_ text: String, pattern: String) -> Milliseconds? {
    guard text.utf8.count == pattern.utf8.count else { return nil }
    var numbers: [UInt8: Int] = [:]
    for (letter, byte) in zip(pattern.utf8, text.utf8) {
      guard let digit = digit(byte) else { return nil }
      numbers[letter, default: 0] = numbers[letter, default: 0] * 10 + digit
    }
    func number(_ letter: Character) -> Int? { letter.asciiValue.flatMap { numbers[$0] } }
    let year = number("y") ?? 1970
    return CivilTime.milliseconds(
      year: pattern.filter { $0 == "y" }.count == 2 ? 2000 + year : year, month: number("M") ?? 1,
      day: number("d") ?? 1,
      hour: number("H") ?? 0, minute: number("m") ?? 0, second: number("s") ?? 0, millisecond: 0)
  }

  private static func iso8601(_ text: String) -> Milliseconds? {
    var scanner = Scanner(bytes: Array(text.utf8))
    guard let year = scanner.number(4), scanner.take("-"), let month = scanner.number(2), scanner.take("-"),
      let day = scanner.number(2)
    else { return nil }
    var hour = 0
    var minute = 0
    var second = 0
    var millisecond = 0
    var zoneMinutes = 0
    if !scanner.isAtEnd {
      guard scanner.take("T") || scanner.take(" "), let hours = scanner.number(2), scanner.take(":"),
        let minutes = scanner.number(2)
      else { return nil }
      (hour, minute) = (hours, minutes)
      if scanner.take(":") {
        guard let seconds = scanner.number(2) else { return nil }
        second = seconds
      }
      if scanner.take(".") {
        guard let fraction = scanner.fractionMilliseconds() else { return nil }
        millisecond = fraction
      }
      guard let zone = scanner.zoneMinutes(), scanner.isAtEnd else { return nil }
      zoneMinutes = zone
    }
    return CivilTime.milliseconds(
      year: year, month: month, day: day, hour: hour, minute: minute, second: second, millisecond: millisecond
    ).map { $0 - Milliseconds(zoneMinutes) * 60_000 }
  }

  private static func digit(_ byte: UInt8) -> Int? {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? Int(byte - UInt8(ascii: "0")) : nil
  }

  /// Reads a time from left to right.
  private struct Scanner {
    let bytes: [UInt8]
    var position = 0

    var isAtEnd: Bool { position == bytes.count }

    mutating func take(_ character: Character) -> Bool {
      guard position < bytes.count, bytes[position] == character.asciiValue else { return false }
      position += 1
      return true
    }

    mutating func number(_ digitCount: Int) -> Int? {
      guard position + digitCount <= bytes.count else { return nil }
      var number = 0
      for byte in bytes[position..<position + digitCount] {
        guard let digit = digit(byte) else { return nil }
        number = number * 10 + digit
      }
      position += digitCount
      return number
    }

    /// Digits up to the end of the fraction, cut to three.
    mutating func fractionMilliseconds() -> Int? {
      var digits: [Int] = []
      while position < bytes.count, let digit = digit(bytes[position]) {
        digits.append(digit)
        position += 1
      }
      guard !digits.isEmpty else { return nil }
      return (digits + [0, 0]).prefix(3).reduce(0) { $0 * 10 + $1 }
    }

    /// Minutes east of UTC; 0 when no zone is written.
    mutating func zoneMinutes() -> Int? {
      if isAtEnd || take("Z") { return 0 }
      let isEast = take("+")
      guard isEast || take("-"), let hours = number(2) else { return nil }
      _ = take(":")
      let minutes = isAtEnd ? 0 : number(2)
      return minutes.map { (hours * 60 + $0) * (isEast ? 1 : -1) }
    }
  }
}

extension TimeFormat: Decodable {
  public init(from decoder: any Decoder) throws {
    let name = try decoder.singleValueContainer().decode(String.self)
    switch name {
    case "iso8601": self = .iso8601
    case "seconds": self = .seconds
    case "milliseconds": self = .milliseconds
    default:
      guard !name.isEmpty, name.allSatisfy({ "yMdHms".contains($0) }) else {
        throw LearningError(
          .invalidMapping,
          "'\(name)' isn't a time format; write iso8601, seconds, milliseconds or digits such as yyMMddHH")
      }
      self = .pattern(name)
    }
  }
}
