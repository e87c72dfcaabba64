/// Which hours a diagnosis compares: the window and the hours before it, on the day in question and the reference days.
struct DiagnosisHours {
  /// At most this many hours before the window tell how the day runs.
  static let beforeHourCountMax = 24
  static let windowHourCountMax = 24 * 6

  let windowStart: UTCHour
  let windowHourCount: Int
  let beforeHourCount: Int
  let referenceDays: [UTCHour]
  private let positions: [UTCHour: Position]

  /// Which day an hour belongs to, the day in question last, and which of the day's hours it is.
  struct Position: Hashable {
    let day: Int
    let hour: Int
  }

  init(
    windowStart: UTCHour, windowEnd: UTCHour, referenceDays days: [UTCHour], table: RevenueTable
  ) throws(DiagnosisError) {
    guard windowStart < windowEnd, windowEnd - windowStart <= Self.windowHourCountMax else {
      throw .badWindow("it must last 1 to \(Self.windowHourCountMax) hours, not \(windowEnd - windowStart)")
    }
    let referenceDays = Set(days.map(\.startOfDay)).sorted()
    guard let last = referenceDays.last else { throw .badWindow("it needs at least one reference day") }
    let windowHourCount = windowEnd - windowStart
    let offsets = referenceDays.map { $0 - windowStart.startOfDay }
    guard last < windowStart.startOfDay, last + 24 * ((windowHourCount + 23) / 24) <= windowStart.startOfDay else {
      throw .badWindow("the reference days must end before its own day begins")
    }
    let present = Set(table.hours)
    let before = (1...Self.beforeHourCountMax).prefix { present.contains(windowStart + -$0) }.count
    guard before > 0 else { throw .missingRows("the hours just before \(windowStart) are missing") }
    var positions: [UTCHour: Position] = [:]
    for (day, offset) in (offsets + [0]).enumerated() {
      for hour in -before..<windowHourCount {
        positions[windowStart + (offset + hour)] = Position(day: day, hour: hour + before)
      }
    }
    let found = present.compactMap { positions[$0] }
    for (day, start) in referenceDays.enumerated() {
      let hours = found.filter { $0.day == day }
      guard hours.contains(where: { $0.hour < before }), hours.contains(where: { $0.hour >= before }) else {
        throw .missingRows("reference day \(start) has none at the clock hours of the window or just before it")
      }
    }
    self.windowStart = windowStart
    self.windowHourCount = windowHourCount
    beforeHourCount = before
    self.referenceDays = referenceDays
    self.positions = positions
  }

  /// `nil` for an hour that the diagnosis doesn't look at.
  func position(of hour: UTCHour) -> Position? { positions[hour] }

  /// The hours of the day in question, those before the window first.
  var hours: [UTCHour] { (-beforeHourCount..<windowHourCount).map { windowStart + $0 } }
}
