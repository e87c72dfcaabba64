import Foundation
import Statistics

/// Who visits: users with attributes that hang together, and with tastes that no page knows.
///
/// A user's attributes are a function of the seed and the number alone, so the population needs no table.
struct Population: Sendable {
  private let chance: Chance
  private let shares: HabitShares

  /// Shares of users with unusual habits.
  struct HabitShares: Sendable {
    var blocksAds = 0.04
    var sendsTwice = 0.01
    var bot = 0.005
  }

  init(chance: Chance, shares: HabitShares = HabitShares()) {
    self.chance = chance
    self.shares = shares
  }

  /// The user of a number, from 0.
  func person(_ number: Int) -> Person {
    var own = chance.generator("person", number)
    let country = Self.countries.pick(&own)
    let device = Self.devices[Self.wealth[country]].pick(&own)
    let browser = Self.browsers[device].pick(&own)
    let interest = Self.interests[device].pick(&own)
    let leaning = SIMD4((0..<4).map { _ in Float(Self.leaningDeviation * own.nextNormal()) })
    // Mean 1, heavy tailed: few visit often.
    let activity = own.nextLogNormal(logMean: -0.32, logDeviation: 0.8)
    let buying = own.nextLogNormal(logMean: -0.125, logDeviation: 0.5)
    return Person(
      number: number, id: "u\(number)", country: country, device: device, browser: browser, interest: interest,
      leaning: leaning, visitsPerDay: activity, buying: buying, habit: habit(own.nextUniform()))
  }

  private func habit(_ point: Double) -> Person.Habit {
    if point < shares.bot { return .bot }
    if point < shares.bot + shares.sendsTwice { return .sendsTwice }
    return point < shares.bot + shares.sendsTwice + shares.blocksAds ? .blocksAds : .usual
  }

  /// Standard deviation of the hidden taste in each of four directions.
  static let leaningDeviation = 0.2

  static let countries = Shares(["US": 5, "DE": 3, "FR": 2, "GB": 2, "JP": 2, "BR": 2, "IN": 3, "AT": 1, "CH": 1])
  /// Hours that the clocks of ``countries`` are ahead of UTC.
  static let hoursAhead = [-5, 1, 1, 0, 9, -3, 5, 1, 1]
  /// Index into ``devices``: where phones are most people's only computer.
  private static let wealth = [0, 0, 0, 0, 0, 1, 1, 0, 0]
  static let deviceNames = ["mobile", "desktop", "tablet"]
  private static let devices = [
    Shares(["mobile": 5, "desktop": 4, "tablet": 1]), Shares(["mobile": 8, "desktop": 1.7, "tablet": 0.3]),
  ]
  static let browserNames = ["chrome", "safari", "firefox", "edge"]
  private static let browsers = [
    Shares(["chrome": 6, "safari": 3.5, "firefox": 0.4, "edge": 0.1]),
    Shares(["chrome": 6, "safari": 1.2, "firefox": 1.2, "edge": 1.6]),
    Shares(["chrome": 4, "safari": 5.6, "firefox": 0.3, "edge": 0.1]),
  ]
  static let interestNames = ["sports", "fashion", "travel", "tech", "food", "finance", "games"]
  private static let interests = [
    Shares(["sports": 3, "fashion": 3.5, "travel": 2, "tech": 2, "food": 2.2, "finance": 0.8, "games": 2.5]),
    Shares(["sports": 2.5, "fashion": 2, "travel": 2, "tech": 4, "food": 1.5, "finance": 2, "games": 2]),
    Shares(["sports": 2, "fashion": 3, "travel": 3, "tech": 1.5, "food": 3, "finance": 1, "games": 1.5]),
  ]
  /// What users of an interest read.
  static let pageNames = ["news", "sports", "recipes", "games", "finance"]
  private static let pages = [
    Shares(["news": 3, "sports": 6, "recipes": 1, "games": 1, "finance": 0.5]),
    Shares(["news": 5, "sports": 1, "recipes": 3, "games": 1, "finance": 0.5]),
    Shares(["news": 6, "sports": 1, "recipes": 2, "games": 1, "finance": 1]),
    Shares(["news": 5, "sports": 1.5, "recipes": 0.7, "games": 3, "finance": 1]),
    Shares(["news": 4, "sports": 1, "recipes": 6, "games": 0.7, "finance": 0.5]),
    Shares(["news": 5, "sports": 1, "recipes": 0.7, "games": 0.7, "finance": 6]),
    Shares(["news": 2.5, "sports": 1.5, "recipes": 0.7, "games": 7, "finance": 0.3]),
  ]

  /// The kind of page that a user reads now, as an index into ``pageNames``.
  static func page(interest: Int, using generator: inout SeededGenerator) -> Int {
    pages[interest].pick(&generator)
  }

  /// A person's clock, in hours from 0 to 23.
  static func localHour(_ country: Int, time: Int64) -> Int {
    let hours = Int(time / 3_600_000) + hoursAhead[country]
    return (hours % 24 + 24) % 24
  }
}
