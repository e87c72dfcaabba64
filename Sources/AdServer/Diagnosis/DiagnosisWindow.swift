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

let millisecondsPerHour: Milliseconds = 3_600_000

extension UTCHour {
  /// Its first millisecond.
  var time: Milliseconds { Milliseconds(hoursSince1970) * millisecondsPerHour }

  init(of time: Milliseconds) {
    self.init(hoursSince1970: Int((Double(time) / Double(millisecondsPerHour)).rounded(.down)))
  }
}
