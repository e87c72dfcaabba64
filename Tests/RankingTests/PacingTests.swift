import Catalog
import Events
import Foundation
import Statistics
import Testing

@testable import Ranking

@Suite("Pacing")
struct PacingTests {
  /// Little at night, most in the evening.
  private static let hourly: [Double] = [
    2, 1, 1, 1, 1, 2, 4, 8, 10, 10, 10, 11, 12, 11, 10, 10, 11, 13, 16, 20, 22, 18, 10, 5,
  ]
  private static let midnight = DeliveryTests.noon - 12 * 3_600_000
  private static let stepSeconds = 10

  @Test("spends along the day's traffic, leaves little and over-delivers less than 1 %")
  func followsTraffic() throws {
    // Each could spend about 480 a day: a tenth, a half, and more than there is.
    let budgets = [48.0, 240, 2_000].map { Budget(daily: $0, pacing: .even) }
    for seed in 1...2 as ClosedRange<UInt64> {
      let spent = try simulate(budgets, seed: seed)
      let curve = try #require(TrafficCurve(hourly: Self.hourly))
      for (campaign, budget) in [48.0, 240].enumerated() {
        for hour in 1...24 {
          let planned = budget * curve.share(elapsed: Double(hour) / 24)
          #expect(abs(spent[hour][campaign] - planned) < 0.08 * budget, "seed \(seed), hour \(hour), budget \(budget)")
        }
        let end = spent[24][campaign] / budget
        #expect(end > 0.97 && end < 1.01, "seed \(seed): \(end)")
      }
      // What can't spend its budget isn't held back.
      #expect(spent[24][2] > 440, "seed \(seed): \(spent[24][2])")
    }
  }

  @Test("without it the same budget is gone early, but never overspent by more than the clicks under way")
  func asSoonAsPossible() throws {
    let spent = try simulate([Budget(daily: 48)], seed: 1)
    #expect(spent[10][0] >= 48 && spent[24][0] < 48 * 1.05)
  }

  @Test("reservations keep clicks that come late from overspending, by more than 1 %")
  func reservationsKeepBudgets() throws {
    let spent = try simulate([Budget(daily: 48)], seed: 1, reservationSeconds: 240)
    #expect(spent[24][0] > 46 && spent[24][0] < 48 * 1.01, "\(spent[24][0])")
  }

  /// A day of requests in each of which every campaign that takes part is shown; clicks come a minute later on average.
  ///
  /// - returns: what each campaign has spent at the end of each hour, from 0 to 24.
  private func simulate(_ budgets: [Budget], seed: UInt64, reservationSeconds: Double = 0) throws -> [[Double]] {
    var settings = DeliverySettings()
    settings.reservationSeconds = reservationSeconds
    let bench = try Bench(settings, now: Self.midnight, budgets: budgets)
    let curve = try #require(TrafficCurve(hourly: Self.hourly))
    bench.ledger.follow(curve)
    var generator = SeededGenerator(seed: seed)
    var due: [Int: [Int]] = [:]
    var spent = [budgets.map { _ in 0.0 }]
    for step in 0..<86_400 / Self.stepSeconds {
      let now = Self.midnight + Milliseconds(step * Self.stepSeconds * 1000)
      for row in due.removeValue(forKey: step) ?? [] { bench.click(row, price: 0.1, now) }
      let share = [step, step + 1].map { curve.share(elapsed: Double($0 * Self.stepSeconds) / 86_400) }
      for _ in 0..<generator.nextPoisson(mean: 48_000 * (share[1] - share[0])) {
        let decision = generator.next()
        for row in budgets.indices where bench.hindrance(row, now, seed: decision) == nil {
          bench.ledger.reserve([(row: row, price: 0.1, ctr: 0.1)], in: bench.map)
          guard generator.nextUniform() < 0.1 else { continue }
          due[step + 1 + Int(generator.nextExponential(mean: 60)) / Self.stepSeconds, default: []].append(row)
        }
      }
      bench.ledger.step(bench.map, now: now)
      if (step + 1).isMultiple(of: 3600 / Self.stepSeconds) {
        spent.append(bench.map.entries.map { Amount.units($0.campaign.spentToday) })
      }
    }
    return spent
  }

  @Test("a curve rises from 0 to 1, and has hope for every hour")
  func curve() throws {
    #expect(abs(TrafficCurve.flat.share(elapsed: 0.25) - 0.25) < 1e-12)
    let curve = try #require(TrafficCurve(hourly: Array(repeating: 0, count: 12) + Array(repeating: 2, count: 12)))
    #expect(curve.share(elapsed: 0) == 0 && curve.share(elapsed: 1) == 1 && curve.share(elapsed: 2) == 1)
    #expect(abs(curve.share(elapsed: 0.5) - 0.1 / 2.1) < 0.01)
    #expect(TrafficCurve(hourly: [1]) == nil && TrafficCurve(hourly: Array(repeating: .nan, count: 24)) == nil)
  }

  @Test("frequency counts are exact while they fit, and what is forgotten is counted")
  func frequencies() {
    var generator = SeededGenerator(seed: 7)
    let table = FrequencyTable(countMax: 4096)
    var starts: [Int: (second: Int, count: Int)] = [:]
    for second in 0..<3000 {
      let user = Int.random(in: 0..<300, using: &generator)
      if let known = starts[user], known.second + 500 > second {
        starts[user]!.count += 1
      } else {
        starts[user] = (second, 1)
      }
      table.add(StableHash("u\(user)"), second: second, seconds: 500)
      let asked = Int.random(in: 0..<300, using: &generator)
      let expected = starts[asked].flatMap { $0.second + 500 > second ? $0.count : nil } ?? 0
      #expect(table.count(StableHash("u\(asked)"), second: second) == expected, "second \(second)")
    }
    #expect(table.evictionCount == 0)
    let small = FrequencyTable(countMax: 4)
    for user in 0..<6 { small.add(StableHash("u\(user)"), second: user, seconds: 100) }
    #expect(small.evictionCount == 2)
    #expect((0..<6).map { small.count(StableHash("u\($0)"), second: 6) } == [0, 0, 1, 1, 1, 1])
  }
}
