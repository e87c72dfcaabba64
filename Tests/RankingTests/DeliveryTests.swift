import Catalog
import Events
import Features
import Foundation
import Ranking
import Statistics
import Testing

@Suite("What campaigns let their ads do")
struct DeliveryTests {
  static let noon: Milliseconds = 1_767_268_800_000  // 2026-01-01 12:00 UTC

  #if DEBUG
    private static let worldCount: UInt64 = 60  // unoptimised code takes a tenth of a second for each
  #else
    private static let worldCount: UInt64 = 2_000
  #endif

  @Test("is heeded exactly: as if ads of exhausted and capped campaigns, and repeated advertisers, weren't there")
  func exactness() throws {
    for seed in 0..<Self.worldCount {
      var world = try BudgetedWorld(seed: seed)
      let plan = Plan(model: world.model, catalog: world.catalog)
      for _ in 0..<3 {
        let (request, user) = world.request()
        let left = try world.allowed(user)
        let plain = RankRequest(
          context: request.context, slotCount: 1_000_000, excluded: request.excluded.map(\.text),
          objective: request.objective,
          reservePrice: request.reservePrice, time: request.time)
        let sorted = ReferenceRanker.top(plain, model: world.model, catalog: left).ads
        let expected = Array(world.diverse(sorted, left, request.diversity).prefix(request.slotCount))
        let list = plan.decide(request, pricing: .first)
        #expect(list.ads.map(\.ad.id) == expected.map(\.id), "seed \(seed), \(request)")
        #expect(list.ads.map(\.ad.score) == expected.map(\.score), "seed \(seed)")
        let reference = ReferenceRanker.top(request, model: world.model, catalog: world.catalog)
        #expect(reference.ads.map(\.id) == expected.map(\.id), "seed \(seed)")
      }
    }
  }

  @Test("is explained by the same rules")
  func verdicts() throws {
    for seed in 0..<Self.worldCount / 4 {
      var world = try BudgetedWorld(seed: seed)
      let (request, user) = world.request()
      let plan = Plan(model: world.model, catalog: world.catalog)
      let left = try world.allowed(user)
      let shown = Set(plan.decide(RankRequest(like: request, slotCount: 100_000)).ads.map(\.ad.id))
      for row in 0..<min(world.catalog.count, 30) {
        let id = world.catalog.id(row)
        switch plan.explain(id, request).verdict {
        case .hindered: #expect(left.row(id: id) == nil, "seed \(seed)")
        case .ranked: #expect(left.row(id: id) != nil && shown.contains(id), "seed \(seed) \(id)")
        default: #expect(!shown.contains(id), "seed \(seed)")
        }
      }
    }
  }

  @Test("ends with the last cent of the day or of all time, and a day's budget comes back at midnight of the time zone")
  func hardStop() throws {
    var settings = DeliverySettings()
    settings.timeZone = "Europe/Berlin"
    // The day before the clocks go forward: 23 hours follow its midnight.
    let before = Milliseconds(1_774_738_800_000)  // 2026-03-29 00:00 in Berlin
    let bench = try Bench(settings, now: before - 1000, budgets: [Budget(daily: 1, total: 2.5), Budget(daily: 0)])
    #expect(bench.hindrance(0, before - 1000) == nil)
    #expect(bench.hindrance(1, before - 1000) == .dailyBudget(spent: 0, budget: 0))
    bench.click(0, price: 0.99, before - 1000)
    #expect(bench.hindrance(0, before - 1000) == nil)
    bench.click(0, price: 0.02, before - 1)
    #expect(bench.hindrance(0, before - 1) == .dailyBudget(spent: 1.01, budget: 1))
    #expect(bench.hindrance(0, before) == nil)
    bench.click(0, price: 1, before)
    #expect(bench.hindrance(0, before + 23 * 3_600_000 - 1) == .dailyBudget(spent: 1, budget: 1))
    #expect(bench.hindrance(0, before + 23 * 3_600_000) == nil)
    bench.click(0, price: 0.49, before + 23 * 3_600_000)
    #expect(bench.hindrance(0, before + 23 * 3_600_000) == .totalBudget(spent: 2.5, budget: 2.5))
    #expect(bench.hindrance(0, before + 47 * 3_600_000) == .totalBudget(spent: 2.5, budget: 2.5))
  }

  @Test("prices an ad at no more than its budgets have left, so that clicks in turn spend them to the cent")
  func lastClick() throws {
    let bench = try Bench(budgets: [Budget(daily: 2.5, total: 10), Budget(total: 0.001, billing: .cpm), nil])
    let model = try Model(id: "m", created: 0, bias: -2, weights: ModelWeights(schema: World.schema()))
    let plan = Plan(model: model, catalog: bench.catalog)
    var request = RankRequest(context: [:], slotCount: 3)
    var prices: [Double] = []
    while prices.count < 10 {
      request.admission = bench.ledger.admission(bench.map, user: "", now: Self.noon)
      let ads = plan.decide(request, pricing: .first).ads
      guard let shown = ads.first(where: { $0.ad.row == 0 }) else { break }
      #expect(ads.map(\.price).dropFirst() == [1, 1])
      prices.append(shown.price)
      bench.click(0, price: shown.price, Self.noon)
    }
    #expect(prices == [1, 1, 0.5])
    #expect(bench.ledger.summary(bench.map).overDeliveryRatio == 0)
    bench.record(.impression, 1, price: 0.25, traffic: .live, Self.noon)
    request.admission = bench.ledger.admission(bench.map, user: "", now: Self.noon)
    #expect(plan.decide(request, pricing: .first).ads.map(\.price) == [0.75, 1])
  }

  @Test("costs a click its price or an impression a thousandth, live ones only, and can be given back")
  func billing() throws {
    let bench = try Bench(budgets: [Budget(daily: 10), Budget(daily: 10, billing: .cpm)])
    for row in 0..<2 {
      bench.record(.impression, row, price: 2, traffic: .live, Self.noon)
      bench.record(.click, row, price: 2, traffic: .live, Self.noon)
      for traffic in [Traffic.probe, .history, .dryRun] {
        bench.record(.click, row, price: 5, traffic: traffic, Self.noon)
      }
    }
    #expect(bench.ledger.summary(bench.map).spentToday == 2.002)
    bench.ledger.giveBack(2, received: Self.noon, row: 0, in: bench.map)
    #expect(bench.ledger.summary(bench.map).spentToday == 0.002)
  }

  @Test("ads of one campaign share the strictest terms that any of them names")
  func sharedTerms() throws {
    let cap = Budget.FrequencyCap(impressions: 2, seconds: 60)
    let bench = try Bench(budgets: [
      Budget(campaign: "c"), Budget(daily: 3, campaign: "c"), Budget(daily: 2, campaign: "c", frequencyCap: cap),
      Budget(daily: 2),
    ])
    bench.click(0, price: 2, Self.noon)
    for row in 0..<3 { #expect(bench.hindrance(row, Self.noon) == .dailyBudget(spent: 2, budget: 2)) }
    #expect(bench.hindrance(3, Self.noon) == nil)
    let other = try Bench(budgets: [Budget(campaign: "c"), Budget(campaign: "c", frequencyCap: cap)])
    for _ in 0..<2 { other.record(.impression, 0, price: 1, traffic: .live, Self.noon, user: "u") }
    #expect(other.hindrance(1, Self.noon, user: "u") == .frequencyCap(seen: 2, cap: 2))
    #expect(other.hindrance(1, Self.noon, user: "v") == nil && other.hindrance(1, Self.noon) == nil)
    #expect(other.hindrance(1, Self.noon + 60_000, user: "u") == nil)
  }

  @Test("a campaign keeps what it has spent when the catalog changes, and nothing is lost between threads")
  func lasting() throws {
    let bench = try Bench(budgets: [Budget(daily: 1000, campaign: "c"), nil])
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for _ in 0..<1000 { bench.click(0, price: 0.1, Self.noon) }
    }
    let changed = try Bench.catalog([nil, Budget(daily: 800, campaign: "c")])
    let map = bench.ledger.map(LiveCatalog(changed))
    #expect(bench.ledger.summary(map).spentToday == 800)
    #expect(bench.ledger.summary(map).exhausted == 1)
    #expect(map.takeFreshRows() == [] && bench.map.takeFreshRows() == [])
  }

  @Test("a changed budget holds at once, and a campaign has the strictest terms of the ads that are left")
  func changing() throws {
    let bench = try Bench(
      budgets: [Budget(daily: 1), Budget(daily: 2, campaign: "c"), Budget(daily: 5, campaign: "c"), nil])
    bench.click(0, price: 1, Self.noon)
    bench.click(1, price: 3, Self.noon)
    var map = bench.map
    func admits(_ row: Int) -> Bool {
      bench.ledger.admission(map, user: "", now: Self.noon)?.hindrance(row, seed: 0) == nil
    }
    #expect([0, 1, 2, 3].map(admits) == [false, false, false, true])
    // ad-0 may spend more, ad-1 leaves the campaign, ad-3 gets a budget, and a later row takes one over.
    bench.ledger.put(row: 4, id: "ad-0", Budget(daily: 3), replacing: (0, Budget(daily: 1)), in: &map)
    bench.ledger.remove(row: 1, Budget(daily: 2, campaign: "c"), in: &map)
    bench.ledger.put(row: 5, id: "ad-3", Budget(daily: 0), replacing: (3, nil), in: &map)
    bench.ledger.put(row: 6, id: "ad-0", Budget(daily: 3), replacing: (4, Budget(daily: 3)), in: &map)
    #expect([6, 2, 5].map(admits) == [true, true, false])
    bench.ledger.put(row: 7, id: "ad-3", nil, replacing: (5, Budget(daily: 0)), in: &map)
    #expect(admits(7))
    #expect([0, 1, 2, 3].map { bench.hindrance($0, Self.noon) == nil } == [false, false, false, true])
  }

  @Test("what served ads may still cost counts as spent for as long as the setting has it")
  func reservations() throws {
    var settings = DeliverySettings()
    settings.reservationSeconds = 60
    let bench = try Bench(settings, budgets: [Budget(daily: 1)])
    bench.ledger.reserve([(row: 0, price: 2, ctr: 0.5)], in: bench.map)
    #expect(bench.hindrance(0, Self.noon) == .dailyBudget(spent: 0, budget: 1))
    bench.ledger.step(bench.map, now: Self.noon + 30_000)
    #expect(bench.hindrance(0, Self.noon) != nil)
    bench.ledger.step(bench.map, now: Self.noon + 60_000)
    #expect(bench.hindrance(0, Self.noon) == nil)
  }

  @Test("settings that make no sense are refused, with what to do")
  func settings() {
    var settings = DeliverySettings()
    settings.timeZone = "Mars/Olympus"
    let error = #expect(throws: DeliveryError.self) { try CampaignLedger(settings, now: Self.noon) }
    #expect(error?.description.contains("Europe/Berlin") == true)
  }
}

extension RankRequest {
  init(like request: RankRequest, slotCount: Int) {
    self = request
    self.slotCount = slotCount
  }
}

/// A ledger over a few ads, `ad-0`, `ad-1` … with given budgets.
struct Bench: Sendable {
  let ledger: CampaignLedger
  let map: CampaignMap
  let catalog: CatalogSnapshot

  init(_ settings: DeliverySettings = .init(), now: Milliseconds = DeliveryTests.noon, budgets: [Budget?]) throws {
    ledger = try CampaignLedger(settings, now: now)
    catalog = try Self.catalog(budgets)
    map = ledger.map(LiveCatalog(catalog))
    _ = map.takeFreshRows()
  }

  static func catalog(_ budgets: [Budget?]) throws -> CatalogSnapshot {
    var builder = CatalogBuilder()
    for (number, budget) in budgets.enumerated() {
      try builder.add(Ad(id: "ad-\(number)", bid: 1, budget: budget))
    }
    return builder.build()
  }

  func hindrance(_ row: Int, _ now: Milliseconds, user: String = "", seed: UInt64 = 0) -> Hindrance? {
    ledger.admission(map, user: user, now: now)?.hindrance(row, seed: seed)
  }

  func click(_ row: Int, price: Double, _ now: Milliseconds) { record(.click, row, price: price, traffic: .live, now) }

  func record(
    _ kind: EventKind, _ row: Int, price: Double, traffic: Traffic, _ now: Milliseconds, user: String = ""
  ) {
    let served = ServedAd(
      decision: DecisionID(time: now, random: 0), slot: 1, time: now, user: user, context: [:], ad: catalog.id(row),
      attributes: [:], model: "m", ctr: 0.1, bid: price, price: price, traffic: traffic)
    ledger.record(Event(kind: kind, served: served, time: now, received: now), row: row, in: map)
  }
}
