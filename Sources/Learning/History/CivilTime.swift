import Events

/// Times of the proleptic Gregorian calendar in UTC, without a calendar library: one is needed for every row of a file.
enum CivilTime {
  /// Milliseconds since 1970 of a date and time, or `nil` when it doesn't exist. A leap second counts as the next second.
  static func milliseconds(
    year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, millisecond: Int
  ) -> Milliseconds? {
    guard (0...9999).contains(year), (1...12).contains(month), (0..<24).contains(hour), (0..<60).contains(minute),
      (0...60).contains(second), day >= 1, day <= dayCount(year: year, month: month)
    else { return nil }
    let seconds = ((days(year: year, month: month, day: day) * 24 + hour) * 60 + minute) * 60 + second
    return Milliseconds(seconds * 1000 + millisecond)
  }

  /// Days since 1970-01-01 (Hinnant 2013, `days_from_civil`: years begin in March, so leap days come last).
  private static func days(year: Int, month: Int, day: Int) -> Int {
    let shifted = month > 2 ? year : year - 1
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func dayCount(year: Int, month: Int) -> Int {
    if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
    return [4, 6, 9, 11].contains(month) ? 30 : 31
  }
}
