import Catalog
import Events
import Statistics
import Testing

@testable import Ranking

/// Goal: with split budgets no arm of an experiment spends what another would have, and what the arms are measured to do is
/// what they would do to everybody. Method: simulated days whose truth is known, by giving all users one arm.
@Suite struct BudgetSplitTests {
  private static let dayStart = DeliveryTests.noon - DeliveryTests.noon % 86_400_000
  private static let campaignCount = 10

  /// Revenue per user by arm of a day on which campaigns can't pay for all clicks, those of arm b least: it is clicked 1.3
  /// times as often.
  private func day(
    _ pacing: Budget.Pacing, isSplit: Bool, seed: UInt64, arm: (Int) -> String
  ) throws -> [String: Double] {
    var random = SeededGenerator(seed: seed)
    let ledger = try CampaignLedger(DeliverySettings(), now: Self.dayStart)
    if isSplit {
      _ = ledger.split(BudgetSplit(experiment: "x", shares: [("a", 0.5), ("b", 0.5)], since: Self.dayStart))
    }
    let budget = Budget(daily: 120, pacing: pacing)
    let map = ledger.map(LiveCatalog(try Bench.catalog(Array(repeating: budget, count: Self.campaignCount))))
    _ = map.takeFreshRows()
    var (revenue, users): ([String: Double], [String: Int]) = ([:], [:])
    for user in 0..<2000 { users[arm(user), default: 0] += 1 }
    for request in 0..<40_000 {
      let now = Self.dayStart + Milliseconds(request) * 2160
      ledger.step(map, now: now)
      let user = Int.random(in: 0..<2000, using: &random)
      let row = Int.random(in: 0..<Self.campaignCount, using: &random)
      let arms = ["x": arm(user)]
      let admission = ledger.admission(map, user: "u\(user)", experiments: arms, now: now)
      let isClick = random.nextUniform() < (arm(user) == "b" ? 0.13 : 0.1)
      guard admission?.hindrance(row, seed: random.next()) == nil, isClick else { continue }
      ledger.record(Self.click(row, at: now, arms), row: row, in: map)
      revenue[arm(user), default: 0] += 0.5
    }
    return revenue.reduce(into: [:]) { $0[$1.key] = $1.value / Double(users[$1.key]!) }
  }

  private static func click(_ row: Int, at now: Milliseconds, _ arms: [String: String], price: Double = 0.5) -> Event {
    let served = ServedAd(
      decision: DecisionID(time: now, random: 0), slot: 1, time: now, user: "u", context: [:], ad: "ad-\(row)",
      attributes: [:], model: "m", experiments: arms, ctr: 0.1, bid: 1, price: price, traffic: .live)
    return Event(kind: .click, served: served, time: now, received: now)
  }

  @Test(
    "the ordinary split shows a gain that isn't there, and the budget split doesn't",
    arguments: [Budget.Pacing.asap, .even], 1...3 as ClosedRange<UInt64>)
  func bias(pacing: Budget.Pacing, seed: UInt64) throws {
    func gain(_ a: [String: Double], _ b: [String: Double]) -> Double { (b["b"] ?? 0) / (a["a"] ?? 1) - 1 }
    let truth = gain(
      try day(pacing, isSplit: false, seed: seed) { _ in "a" }, try day(pacing, isSplit: false, seed: seed) { _ in "b" }
    )
    let ordinary = try day(pacing, isSplit: false, seed: seed) { $0 % 2 == 0 ? "a" : "b" }
    let split = try day(pacing, isSplit: true, seed: seed) { $0 % 2 == 0 ? "a" : "b" }
    let numbers: Comment = "seed \(seed), \(pacing): \(truth), \(gain(ordinary, ordinary)), \(gain(split, split))"
    #expect(abs(truth) < 0.02, numbers)
    #expect(gain(ordinary, ordinary) > 0.2, numbers)
    #expect(abs(gain(split, split) - truth) < 0.02, numbers)
  }

  /// What the parts of the only campaign may still spend today, in currency units, by arm; `other` is in none.
  private func left(_ ledger: CampaignLedger, _ map: CampaignMap, _ now: Milliseconds) -> [String: Double] {
    ["a", "b", "other"].reduce(into: [:]) { left, arm in
      left[arm] = ledger.admission(map, user: "u", experiments: ["x": arm], now: now)?.priceMax(0)
    }
  }

  @Test("a split that begins during the day divides what is left, and the next day the whole")
  func laterStart() throws {
    let now = DeliveryTests.noon
    let ledger = try CampaignLedger(DeliverySettings(), now: now)
    let catalog = LiveCatalog(try Bench.catalog([Budget(daily: 10, total: 15)]))
    ledger.record(Self.click(0, at: now, [:], price: 2), row: 0, in: ledger.map(catalog))
    let split = BudgetSplit(experiment: "x", shares: [("a", 0.5), ("b", 0.25)], since: now)
    #expect(ledger.split(split) && !ledger.split(split))
    let map = ledger.map(catalog)
    #expect(left(ledger, map, now) == ["a": 4, "b": 2, "other": 2])
    ledger.record(Self.click(0, at: now, ["x": "a"], price: 3), row: 0, in: map)
    ledger.record(Self.click(0, at: now, ["x": "forced:b"], price: 2), row: 0, in: map)
    #expect(left(ledger, map, now) == ["a": 1, "b": 2, "other": 0])
    ledger.giveBack(1, received: now, experiments: ["x": "a"], row: 0, in: map)
    #expect(left(ledger, map, now) == ["a": 2, "b": 2, "other": 0])
    // Of the total 13 were left for the parts: 6.5, 3.25 and 3.25.
    let tomorrow = now + 86_400_000
    #expect(left(ledger, map, tomorrow) == ["a": 4.5, "b": 2.5, "other": 1.25])
    #expect(ledger.split(nil))
    #expect(left(ledger, ledger.map(catalog), tomorrow) == ["a": 9, "b": 9, "other": 9])
  }

  @Test("where the arms have all users, who is in none is bounded by the whole budget")
  func nobodyElse() throws {
    let ledger = try CampaignLedger(DeliverySettings(), now: DeliveryTests.noon)
    _ = ledger.split(BudgetSplit(experiment: "x", shares: [("a", 1 / 3.0), ("b", 2 / 3.0)], since: 0))
    let map = ledger.map(LiveCatalog(try Bench.catalog([Budget(daily: 9)])))
    #expect(left(ledger, map, DeliveryTests.noon) == ["a": 3, "b": 6, "other": 9])
  }

  @Test("a process that begins anew divides as before", arguments: 1...20 as ClosedRange<UInt64>)
  func restored(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let now = DeliveryTests.noon
    let since = now - 3600_000
    let catalog = LiveCatalog(try Bench.catalog([Budget(daily: 1000, total: 5000)]))
    let split = BudgetSplit(experiment: "x", shares: [("a", 0.5), ("b", 0.25)], since: since)
    let ledger = try CampaignLedger(DeliverySettings(), now: now - 3 * 86_400_000)
    var map = ledger.map(catalog)
    var past: [String: PastSpending] = [:]
    for step in (0..<300).reversed() {
      // 300 clicks in 75 hours, one of them on the second at which the split begins.
      let time = now - Milliseconds(step) * 900_000
      if time == since {
        #expect(ledger.split(split))
        map = ledger.map(catalog)
      }
      let arm = ["a", "b", ""].randomElement(using: &random)!
      let price = Double(Int.random(in: 1...1000, using: &random)) / 1000
      ledger.record(Self.click(0, at: time, ["x": arm], price: price), row: 0, in: map)
      let (isToday, isSplit) = (time >= Self.dayStart, time >= since)
      var spent = past[arm] ?? PastSpending(today: 0, total: 0)
      spent.total += price
      if isToday { spent.today += price }
      if isSplit { spent.splitTotal += price }
      if isToday && isSplit { spent.splitToday += price }
      past[arm] = spent
    }
    let second = try CampaignLedger(DeliverySettings(), now: now)
    _ = second.split(split)
    let again = second.map(catalog)
    for (arm, spent) in past { second.restore(.click, spent, experiments: ["x": arm], row: 0, in: again) }
    for time in [now, now + 86_400_000] {
      let (before, after) = (left(ledger, map, time), left(second, again, time))
      for (arm, amount) in before {
        #expect(abs(amount - after[arm]!) < 1e-6, "seed \(seed), \(arm): \(before), \(after)")
      }
    }
  }
}
