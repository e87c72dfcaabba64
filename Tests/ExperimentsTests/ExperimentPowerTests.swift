import Events
import Experiments
import Foundation
import Statistics
import Testing

@Suite("Planning an experiment")
struct ExperimentPowerTests {
  typealias Impression = TestStore.Impression

  @Test("sizes follow from the variance of the store's users")
  func sizes() throws {
    let store = try TestStore()
    var random = SeededGenerator(seed: 2)
    var counts: [(clicks: Double, impressions: Double)] = []
    for user in 0..<300 {
      let count = 1 + random.nextPoisson(mean: 2)
      let clicks = (0..<count).map { _ in random.nextUniform() < 0.25 }
      counts.append((Double(clicks.count { $0 }), Double(count)))
      try store.insert(clicks.map { Impression(user: "u\(user)", clicks: $0 ? [1] : []) })
    }
    let plan = try #require(
      ExperimentPower(store: store.queue, metrics: .plain).plans.first { $0.metric.name == "ctr" })
    let n = Double(counts.count)
    let impressions = counts.reduce(0) { $0 + $1.impressions }
    let ctr = counts.reduce(0) { $0 + $1.clicks } / impressions
    let squares = counts.reduce(0) { $0 + pow($1.clicks - ctr * $1.impressions, 2) }
    let deviation = (squares / (n - 1)).squareRoot() / (impressions / n)
    let needed = 2 * pow((1.959963984540054 + 0.8416212335729143) * deviation / (0.05 * ctr), 2)
    let point = try #require(plan.curve.first)
    expectClose(plan.value ?? 0, ctr)
    expectClose(point.unitDeviation, deviation)
    #expect(plan.unitsPerArm == Int(needed.rounded(.up)))
    expectClose(point.detectableEffect, 0.05 * (needed / 150).squareRoot())
    #expect(point.unitCount == 300 && point.dayCount == 1)
    #expect(plan.isExtrapolated && plan.dayCount == nil, "one day can't tell how many users come later")
  }

  @Test("days are those after which enough users came, or an extrapolation")
  func days() throws {
    let store = try TestStore()
    for day in 0..<10 {
      let time = TestStore.start + Milliseconds(day) * TestStore.day
      let users = (0..<100).map { "u\(day)-\($0)" }
      try store.insert(
        users.enumerated().map { Impression(user: $1, time: time, decision: $1, clicks: $0 % 2 == 0 ? [1] : []) })
    }
    var options = PowerOptions()
    options.relativeEffect = 0.3
    func plan() throws -> ExperimentPower.Plan {
      try #require(
        ExperimentPower(store: store.queue, metrics: .plain, options: options).plans.first { $0.metric.name == "ctr" })
    }
    // A click of probability ½ has deviation ½ (a bit more in a sample): 2·(2.8016·0.5/0.15)² = 174.4 users.
    let soon = try plan()
    #expect(soon.curve.map(\.dayCount) == [1, 2, 3, 5, 7, 10])
    #expect(soon.curve.map(\.unitCount) == [100, 200, 300, 500, 700, 1000])
    #expect(soon.dayCount == 5 && !soon.isExtrapolated && soon.unitsPerArm == 175)
    options.share = 0.1
    let later = try plan()
    #expect(later.dayCount == 35 && later.isExtrapolated)
    options.unit = .request
    options.dayCountMax = 4
    #expect(try plan().curve.map(\.dayCount) == [1, 2, 3, 4])
  }

  @Test("an empty store, and one without clicks, say so")
  func nothing() throws {
    let store = try TestStore()
    #expect(try ExperimentPower(store: store.queue, metrics: .plain).text.contains("too few clicks"))
    try store.insert((0..<50).map { Impression(user: "u\($0)") })
    let power = try ExperimentPower(store: store.queue, metrics: .plain)
    #expect(power.plans.allSatisfy { $0.curve.isEmpty && $0.unitsPerArm == nil })
    #expect(power.text.contains("too few clicks"))
  }

  @Test("impossible options are refused")
  func refusals() throws {
    let store = try TestStore()
    func expectRefused(_ change: (inout PowerOptions) -> Void) {
      var options = PowerOptions()
      change(&options)
      #expect(throws: ExperimentError.self) {
        try ExperimentPower(store: store.queue, metrics: .plain, options: options)
      }
    }
    expectRefused { $0.armCount = 1 }
    expectRefused { $0.share = 0 }
    expectRefused { $0.relativeEffect = 0 }
    expectRefused { $0.alpha = 1 }
    expectRefused { $0.power = .nan }
    expectRefused { $0.dayCountMax = 0 }
  }
}
