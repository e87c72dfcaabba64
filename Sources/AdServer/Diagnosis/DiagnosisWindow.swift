import Events
import Foundation
import Monitoring
import Simulation

/// The time that a diagnosis is asked about, to the minute.
///
/// It is cut into hours from its beginning on; the last may be shorter, and is as short on the days it is compared with.
public struct DiagnosisWindow: Sendable, Equatable {
  /// Hours that a window may last.
  public static let hourCountMax = 144

  /// Its first millisecond, and the first after it: whole minutes.
  public let start: Milliseconds
  public let end: Milliseconds
  /// A window that reaches to now may be widened, when the drop turns out to have begun before it.
  let isOpen: Bool

  private static let widerHourCounts = [6, 24]

  /// The last `span` until `now`: whole hours count in full hours, other spans in full minutes.
  public init?(last span: Milliseconds, now: Milliseconds) {
    let unit = span.isMultiple(of: millisecondsPerHour) ? millisecondsPerHour : millisecondsPerMinute
    let end = now / unit * unit
    self.init(start: end - span, end: end, isOpen: true)
  }

  /// From `start` until before `end`; `nil` unless both are whole minutes, 1 minute to ``hourCountMax`` hours apart.
  public init?(from start: Milliseconds, to end: Milliseconds) {
    self.init(start: start, end: end, isOpen: false)
  }

  /// The window that a person asks for: `last` such as "15m", "3h" or "1d", or `from` and `to` such as "2026-03-02T14" or
  /// "2026-03-02T14:30", UTC; the last `standard` without any of them.
  ///
  /// - throws: what is wrong with it.
  public init(
    last: String?, from: String?, to: String?, standard: String = "1h", now: Milliseconds
  ) throws(WindowError) {
    guard (from == nil) == (to == nil) else { throw WindowError("'from' and 'to' go together") }
    guard from == nil || last == nil else { throw WindowError("give either 'last' or 'from' and 'to'") }
    let window: Self?
    if let from, let to {
      guard let start = Self.time(from), let end = Self.time(to) else {
        throw WindowError("'from' and 'to' take hours or minutes such as 2026-03-02T14 or 2026-03-02T14:30, UTC")
      }
      window = Self(from: start, to: end)
    } else {
      guard let span = TimeSpan(text: last ?? standard) else {
        throw WindowError("'last' takes minutes, hours or days, such as 15m, 3h or 1d")
      }
      window = Self(last: span.milliseconds, now: now)
    }
    guard let window else {
      throw WindowError("the window must be whole minutes, up to \(Self.hourCountMax) hours, 'from' before 'to'")
    }
    self = window
  }

  private init?(start: Milliseconds, end: Milliseconds, isOpen: Bool) {
    let isWhole = start.isMultiple(of: millisecondsPerMinute) && end.isMultiple(of: millisecondsPerMinute)
    let lengthMax = Milliseconds(Self.hourCountMax) * millisecondsPerHour
    guard isWhole, start < end, end - start <= lengthMax else { return nil }
    (self.start, self.end, self.isOpen) = (start, end, isOpen)
  }

  /// How long after the full hour each of its hours begins.
  var offset: Milliseconds { (start % millisecondsPerHour + millisecondsPerHour) % millisecondsPerHour }

  /// The hour in which it begins: its hours are called by the full hours in which they begin.
  var firstHour: UTCHour { UTCHour(of: start) }

  /// The first hour after it.
  var endHour: UTCHour { firstHour + hourCount }

  /// Hours begun.
  var hourCount: Int { Int((end - start + millisecondsPerHour - 1) / millisecondsPerHour) }

  /// Whether it consists of full hours.
  var isWhole: Bool { offset == 0 && (end - start).isMultiple(of: millisecondsPerHour) }

  /// The windows to look at, from this one on, until one is out of the ordinary.
  var attempts: [DiagnosisWindow] {
    guard isOpen else { return [self] }
    let spans = Self.widerHourCounts.map { Milliseconds($0) * millisecondsPerHour }.filter { $0 > end - start }
    return [self] + spans.compactMap { DiagnosisWindow(start: end - $0, end: end, isOpen: true) }
  }

  /// The same time of day `days` days earlier, with `hoursBefore` hours before it.
  func span(days: Int, hoursBefore: Int = 0) -> Range<Milliseconds> {
    let shift = Milliseconds(days) * 24 * millisecondsPerHour
    return start - shift - Milliseconds(hoursBefore) * millisecondsPerHour..<end - shift
  }
}

extension DiagnosisWindow: CustomStringConvertible {
  public var description: String { "\(Self.text(start)) to \(Self.text(end))" }

  /// A full hour as `YYYY-MM-DDTHH`, another minute as `YYYY-MM-DDTHH:MM`.
  static func text(_ time: Milliseconds) -> String {
    let date = Date(timeIntervalSince1970: Double(time) / 1000).formatted(.iso8601)
    return String(date.prefix(time.isMultiple(of: millisecondsPerHour) ? 13 : 16))
  }

  /// A day, hour or minute of UTC; `nil` for other text.
  private static func time(_ text: String) -> Milliseconds? {
    let rest = [10: "T00:00:00Z", 13: ":00:00Z", 16: ":00Z"][text.utf8.count]
    guard let rest, let date = try? Date(text + rest, strategy: .iso8601) else { return nil }
    return Milliseconds((date.timeIntervalSince1970 * 1000).rounded())
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
let millisecondsPerMinute: Milliseconds = 60_000

extension UTCHour {
  /// Its first millisecond.
  var time: Milliseconds { Milliseconds(hoursSince1970) * millisecondsPerHour }

  init(of time: Milliseconds) {
    self.init(hoursSince1970: Int((Double(time) / Double(millisecondsPerHour)).rounded(.down)))
  }
}
