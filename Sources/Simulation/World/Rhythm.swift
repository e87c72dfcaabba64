import Events
import Foundation
import Statistics

/// How many visit at a time, relative to the mean: by local hour, day of the week, growth and chance.
struct Rhythm: Sendable {
  private let chance: Chance
  private let start: Milliseconds
  /// Growth a week, such as 0.01.
  let growthPerWeek: Double

  /// An upper bound of ``factor(country:device:time:)`` without growth.
  static let factorMax = 3.0

  init(chance: Chance, start: Milliseconds, growthPerWeek: Double) {
    self.chance = chance
    self.start = start
    self.growthPerWeek = growthPerWeek
  }

  /// Visits by local hour; the mean is 1.
  private static let hours: [Double] = [
    0.35, 0.2, 0.15, 0.12, 0.15, 0.3, 0.6, 0.95, 1.15, 1.15, 1.1, 1.15, 1.3, 1.2, 1.1, 1.1, 1.15, 1.25, 1.45, 1.65, 1.8,
    1.7, 1.3, 0.78,
  ]
  /// By day of the week from Thursday, the first day of 1970; one row a device.
  private static let weekdays: [[Double]] = [
    [1.0, 1.0, 1.05, 1.08, 0.97, 0.97, 0.98], [1.12, 1.05, 0.65, 0.62, 1.12, 1.14, 1.13],
    [0.95, 0.95, 1.15, 1.2, 0.92, 0.92, 0.93],
  ]
  private static let dayDeviation = 0.04
  private static let hourDeviation = 0.02

  /// Visits relative to the mean, for users of a country and device.
  func factor(country: Int, device: Int, time: Milliseconds) -> Double {
    let localTime = time + Milliseconds(Population.hoursAhead[country]) * 3_600_000
    let local = Self.hours[Population.localHour(country, time: time)]
    let weekday = Self.weekdays[device][Int((localTime / 86_400_000) % 7 + 7) % 7]
    return min(Self.factorMax, local * weekday * noise(time))
  }

  /// What a day and an hour bring that nothing explains, alike for all users.
  func noise(_ time: Milliseconds) -> Double {
    var day = chance.generator("day", Int(time / 86_400_000))
    var hour = chance.generator("hour", Int(time / 3_600_000))
    return exp(Self.dayDeviation * day.nextNormal() + Self.hourDeviation * hour.nextNormal())
  }

  /// Users at `time` relative to the start.
  func growth(_ time: Milliseconds) -> Double {
    pow(1 + growthPerWeek, Double(time - start) / (7 * 86_400_000))
  }
}
