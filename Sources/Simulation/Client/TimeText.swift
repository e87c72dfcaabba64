import Events
import Foundation

/// Points in time as text, by ISO 8601 in UTC.
enum TimeText {
  /// Such as `2026-01-31T12:00:00.000Z`.
  static func string(_ time: Milliseconds) -> String {
    var seconds = Int((time - milliseconds(time)) / 1000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let fraction = String(1000 + milliseconds(time)).dropFirst()
    return "\(1900 + parts.tm_year)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))T"
      + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)).\(fraction)Z"
  }

  private static func milliseconds(_ time: Milliseconds) -> Milliseconds { (time % 1000 + 1000) % 1000 }
}
