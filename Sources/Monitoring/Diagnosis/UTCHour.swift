import Foundation

/// A whole hour of Coordinated Universal Time, written `YYYY-MM-DDTHH`.
public struct UTCHour: Sendable, Hashable, Comparable {
  /// Hours since 1970-01-01T00.
  public let hoursSince1970: Int

  public init(hoursSince1970: Int) {
    self.hoursSince1970 = hoursSince1970
  }

  /// Reads `YYYY-MM-DDTHH`, or `YYYY-MM-DD` as that day's first hour. `nil` for anything else.
  public init?(_ text: String) {
    let whole = text.utf8.count == 10 ? text + "T00" : text
    guard whole.utf8.count == 13, let date = try? Date(whole + ":00:00Z", strategy: .iso8601) else { return nil }
    hoursSince1970 = Int((date.timeIntervalSince1970 / 3600).rounded())
  }

  /// The first hour of the same UTC day.
  public var startOfDay: Self {
    Self(hoursSince1970: hoursSince1970 - ((hoursSince1970 % 24) + 24) % 24)
  }

  public static func < (left: Self, right: Self) -> Bool { left.hoursSince1970 < right.hoursSince1970 }
  public static func + (hour: Self, count: Int) -> Self { Self(hoursSince1970: hour.hoursSince1970 + count) }
  public static func - (left: Self, right: Self) -> Int { left.hoursSince1970 - right.hoursSince1970 }
}

extension UTCHour: CustomStringConvertible {
  public var description: String {
    String(Date(timeIntervalSince1970: Double(hoursSince1970) * 3600).formatted(.iso8601).prefix(13))
  }
}

extension UTCHour: Codable {
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let hour = Self(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "\(text) is not an hour such as 2024-05-20T17"))
    }
    self = hour
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
