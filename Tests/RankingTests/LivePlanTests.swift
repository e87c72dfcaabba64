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
