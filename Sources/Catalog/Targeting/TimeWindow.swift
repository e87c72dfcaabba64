import Foundation

/// A span of the week: some days, from one time of day to another, by the clock of a time zone.
public struct TimeWindow: Sendable, Hashable {
  /// A bit a day, Monday the lowest; never 0.
  public let days: UInt8
  /// Minute of the day at which it begins, from 0 to 1439.
  public let start: Int
  /// Minute of the day before which it ends, from 1 to 1440. When it isn't after ``start``, the window ends on the day after
  /// each of its days.
  public let end: Int
  /// IANA name, such as `Europe/Berlin`.
  public let zone: String

  public static let minuteCount = 24 * 60
  static let dayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
  public static let everyDay: UInt8 = 0x7F

  /// A window; days and zone are every day and UTC unless given.
  ///
  /// - throws: ``CatalogError`` when there is no day, a minute is out of range, both are the same, or the zone is unknown.
  public init(
    days: UInt8 = Self.everyDay, start: Int = 0, end: Int = Self.minuteCount, zone: String = "UTC"
  ) throws(CatalogError) {
    guard days > 0, days <= Self.everyDay else {
      throw CatalogError(.invalidAd, "a window of the schedule has no days; name some, or leave 'days' out for all")
    }
    guard (0..<Self.minuteCount).contains(start), (1...Self.minuteCount).contains(end), start != end else {
      throw CatalogError(
        .invalidAd,
        "a window of the schedule is empty; let 'from' lie in 00:00…23:59 and 'to' in 00:01…24:00, "
          + "and leave both out for the whole day")
    }
    guard zone.utf8.count <= Ad.Limits.nameByteCountMax, TimeZone(identifier: zone) != nil else {
      throw CatalogError(
        .invalidAd, "the time zone '\(zone.prefix(64))' is unknown; take an IANA name such as Europe/Berlin, or UTC")
    }
    self.days = days
    self.start = start
    self.end = end
    self.zone = zone
  }

  /// Whether a moment lies in the window, to the minute.
  ///
  /// - parameter time: milliseconds since 1970 UTC.
  public func contains(_ time: Int64) -> Bool {
    let time = time - Self.floorDivision(time, by: 60_000).remainder
    let date = Date(timeIntervalSince1970: Double(time) / 1000)
    guard let offset = TimeZone(identifier: zone)?.secondsFromGMT(for: date) else { return false }
    let (day, milliseconds) = Self.floorDivision(time + Int64(offset) * 1000, by: 86_400_000)
    let minute = Int(milliseconds / 60_000)
    // 1970 began on a Thursday.
    let isToday = hasDay(day + 3)
    guard end <= start else { return isToday && start <= minute && minute < end }
    return (isToday && start <= minute) || (hasDay(day + 2) && minute < end)
  }

  private func hasDay(_ day: Int64) -> Bool { days >> Self.floorDivision(day, by: 7).remainder & 1 == 1 }

  private static func floorDivision(_ number: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let remainder = (number % divisor + divisor) % divisor
    return ((number - remainder) / divisor, remainder)
  }
}
