import Catalog
import Events
import Ranking
import Statistics
import Testing

@Suite("A plan that follows a changing catalog")
struct LivePlanTests {
  #if DEBUG
    private static let worldCount: UInt64 = 40
  #else
    private static let worldCount: UInt64 = 3_000
  #endif

  @Test("answers as the reference ranker does on the merged catalog, ties included")
  func changes() throws {
    for seed in 0..<Self.worldCount {
      var world = try World(seed: seed)
      var changes = AdChanges(seed: seed, world: world)
      var live = LiveCatalog(world.catalog)
      var plan = Plan(model: world.model, catalog: live, simd: SIMDLevel.available.randomElement()!)
      for _ in 0..<4 {
        // Now and then more than are scored one by one, so that they are laid out for scans.
        for _ in 0..<changes.count() { try live.apply(changes.next(live)) }
        plan = try #require(plan.following(live))
        try check(plan, live, &world, seed)
      }
      try check(Plan(model: world.model, catalog: live), live, &world, seed)
      try check(Plan(model: world.model, catalog: live.merged()), live, &world, seed)
    }
  }

  @Test("is no plan of another snapshot")
  func otherSnapshot() throws {
    let world = try World(seed: 1, adCount: 10)
    let plan = Plan(model: world.model, catalog: world.catalog)
    #expect(plan.following(LiveCatalog(.empty)) == nil)
  }

  private func check(_ plan: Plan, _ live: LiveCatalog, _ world: inout World, _ seed: UInt64) throws {
    let merged = live.merged()
    for _ in 0..<2 {
      let request = world.request()
      let expected = ReferenceRanker.top(request, model: world.model, catalog: merged)
      for pruning in [true, false] {
        let answer = plan.top(request, pruning: pruning)
        #expect(
          answer.ads.map(\.withoutRow) == expected.ads.map(\.withoutRow), "seed \(seed), pruning \(pruning), \(request)"
        )
        #expect(answer.shortage == expected.shortage, "seed \(seed)")
        #expect(answer.ads.allSatisfy { plan.catalog.id($0.row) == $0.id })
      }
      for (rank, ad) in expected.ads.enumerated().prefix(3) {
        #expect(plan.explain(ad.id, request).verdict == .ranked(rank + 1), "seed \(seed), \(ad.id)")
      }
    }
  }
}

extension RankedAd {
  /// The same in every numbering of rows.
  fileprivate var withoutRow: RankedAd {
    RankedAd(row: 0, id: id, score: score, ctrAtSlotOne: ctrAtSlotOne, logit: logit, bid: bid)
  }
}

/// Random changes of a world's ads: new and replaced ones, bids beyond all others, new values and rules, pauses, deletions.
private struct AdChanges {
  private var generator: SeededGenerator
  private let templates: [Ad]

  init(seed: UInt64, world: World) {
    generator = SeededGenerator(seed: seed &+ 77)
    templates = (0..<min(world.catalog.count, 40)).map { world.catalog.ad($0) }
  }

  mutating func count() -> Int {
    let count = [0, 1, 5, 40].randomElement(using: &generator)!
    return generator.nextUniform() < 0.1 ? 600 + count : count
  }

  mutating func next(_ live: LiveCatalog) -> CatalogChange {
    let id = "ad-\(Int.random(in: 0...max(live.base.count, 20), using: &generator))" + (chance(0.2) ? "x" : "")
    if chance(0.15) { return .delete(id: id) }
    var ad = (chance(0.3) ? live.ad(id: id) : nil) ?? templates.randomElement(using: &generator) ?? Ad(id: id, bid: 1)
    ad.id = id
    if chance(0.3) { ad.bid = [0, 1, 2, 1e6, 1e300].randomElement(using: &generator)! }
    if chance(0.2) { ad.status = ad.status == .active ? .paused : .active }
    if chance(0.3) {
      ad.attributes["a\(Int.random(in: 0..<3, using: &generator))"] = "v\(Int.random(in: 0...15, using: &generator))"
    }
    if chance(0.2) { ad.targeting["c0"] = ["v0", "v\(Int.random(in: 0...99, using: &generator))"] }
    if chance(0.1) { ad.targeting.forbidden["c1"] = ["v\(Int.random(in: 0...3, using: &generator))"] }
    if chance(0.1), let window = try? TimeWindow(days: UInt8.random(in: 1...127, using: &generator)) {
      ad.targeting.schedule = [window]
    }
    return .put(ad)
  }

  private mutating func chance(_ probability: Double) -> Bool { generator.nextUniform() < probability }
}
