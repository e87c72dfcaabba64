import Foundation

/// One day of the archive in UTC, as its file is named: `2026-11-22.ndjson.gz`.
public struct ArchivedDay: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Days since 1970-01-01.
  public let number: Int

  static let milliseconds: Milliseconds = 86_400_000
  static let fileSuffix = ".ndjson.gz"

  init(number: Int) {
    self.number = number
  }

  /// The day that holds a time.
  public init(containing time: Milliseconds) {
    number = Int((Double(time) / Double(Self.milliseconds)).rounded(.down))
  }

  /// The day of a file of the archive; `nil` for a file of another name.
  init?(fileName: String) {
    guard fileName.hasSuffix(Self.fileSuffix),
      let date = try? Self.style.parse(String(fileName.dropLast(Self.fileSuffix.count)))
    else { return nil }
    self.init(containing: Milliseconds(date.timeIntervalSince1970 * 1000))
    guard self.fileName == fileName else { return nil }
  }

  var fileName: String { description + Self.fileSuffix }

  /// When the day begins.
  public var start: Milliseconds { Milliseconds(number) * Self.milliseconds }

  /// When it ends.
  public var end: Milliseconds { start + Self.milliseconds }

  /// The date, as `2026-11-22`.
  public var description: String {
    Date(timeIntervalSince1970: Double(start) / 1000).formatted(Self.style)
  }

  public static func < (left: ArchivedDay, right: ArchivedDay) -> Bool { left.number < right.number }

  private static let style = Date.ISO8601FormatStyle().year().month().day()
}
