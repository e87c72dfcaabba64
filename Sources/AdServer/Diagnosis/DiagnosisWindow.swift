import Events
import Monitoring

/// The whole hours that a diagnosis is asked about.
public struct DiagnosisWindow: Sendable, Equatable {
  /// Hours that a window may last.
  public static let hourCountMax = 144

  public let start: UTCHour
  /// The first hour after it.
  public let end: UTCHour
  /// A window that reaches to now may be widened, when the drop turns out to have begun before it.
  let isOpen: Bool

  /// The last `hours` full hours before `now`.
  public init?(lastHours hours: Int, now: Milliseconds) {
    guard (1...Self.hourCountMax).contains(hours) else { return nil }
    end = UTCHour(hoursSince1970: Int(now / millisecondsPerHour))
    start = end + -hours
    isOpen = true
  }

  /// From `start` until before `end`; `nil` unless that is 1 to ``hourCountMax`` hours.
  public init?(from start: UTCHour, to end: UTCHour) {
    guard (1...Self.hourCountMax).contains(end - start) else { return nil }
    (self.start, self.end) = (start, end)
    isOpen = false
  }

  /// The window that a person asks for: `last` such as "3h" or "1d", or `from` and `to` such as "2026-03-02T14"; the last
  /// full hour without any of them.
  ///
  /// - throws: what is wrong with it.
  public init(last: String?, from: String?, to: String?, now: Milliseconds) throws(WindowError) {
    guard (from == nil) == (to == nil) else { throw WindowError("'from' and 'to' go together") }
    guard from == nil || last == nil else { throw WindowError("give either 'last' or 'from' and 'to'") }
    if let from, let to {
      guard let start = UTCHour(from), let end = UTCHour(to) else {
        throw WindowError("'from' and 'to' take hours such as 2026-03-02T14, UTC")
      }
      guard let window = Self(from: start, to: end) else {
        throw WindowError("the window must last 1 to \(Self.hourCountMax) hours, 'from' before 'to'")
      }
      self = window
    } else {
      guard let hours = Self.hours(last ?? "1h"), let window = Self(lastHours: hours, now: now) else {
        throw WindowError("'last' takes 1 to \(Self.hourCountMax) whole hours, such as 3h, or days, such as 1d")
      }
      self = window
    }
  }

  private static func hours(_ text: String) -> Int? {
    let units: [Character: Int] = ["h": 1, "d": 24]
    guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()), (0...1000).contains(count)
    else { return nil }
    return count * unit
  }

  private init(start: UTCHour, end: UTCHour) {
    (self.start, self.end) = (start, end)
    isOpen = true
  }

  /// The windows to look at, from this one on, until one is out of the ordinary.
  var attempts: [DiagnosisWindow] {
    guard isOpen else { return [self] }
    let wider = Self.widerHourCounts.filter { $0 > end - start }
    return [self] + wider.map { DiagnosisWindow(start: end + -$0, end: end) }
  }

  private static let widerHourCounts = [6, 24]

  /// The same hours `days` days earlier, with `hoursBefore` hours before them.
  func span(days: Int, hoursBefore: Int = 0) -> Range<Milliseconds> {
    let shift = -days * 24
    return (start + (shift - hoursBefore)).time..<(end + shift).time
  }
}

/// What is wrong with a window that was asked for.
public struct WindowError: Error, CustomStringConvertible {
  public let description: String

  init(_ description: String) {
    self.description = description
  }
}

let millisecondsPerHour: Milliseconds = 3_600_000

extension UTCHour {
  /// Its first millisecond.
  var time: Milliseconds { Milliseconds(hoursSince1970) * millisecondsPerHour }

  init(of time: Milliseconds) {
    self.init(hoursSince1970: Int((Double(time) / Double(millisecondsPerHour)).rounded(.down)))
  }
}
