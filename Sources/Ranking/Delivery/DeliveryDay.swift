import Events
import Foundation

/// A day of budgets, from midnight to midnight of a time zone.
public struct DeliveryDay: Sendable, Equatable {
  public let start: Milliseconds
  public let end: Milliseconds

  init(containing time: Milliseconds, in zone: TimeZone) {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let date = Date(timeIntervalSince1970: Double(time) / 1000)
    let start = calendar.startOfDay(for: date)
    // Noon of the next day is in it whatever the clocks do at midnight.
    let next = calendar.startOfDay(for: start.addingTimeInterval(36 * 3600))
    self.start = Milliseconds(start.timeIntervalSince1970 * 1000)
    end = Milliseconds(next.timeIntervalSince1970 * 1000)
  }

  /// The share of the day that has passed, in [0, 1].
  func elapsed(_ time: Milliseconds) -> Double {
    min(max(Double(time - start) / Double(end - start), 0), 1)
  }
}
