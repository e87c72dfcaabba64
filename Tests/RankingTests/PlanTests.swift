import Catalog
import Events
import Foundation
import Ranking
import Statistics
import Testing

@Suite("A plan answers exactly as the reference ranker")
struct PlanTests {
  #if DEBUG
    private static let worldCount: UInt64 = 250  // unoptimised code takes a tenth of a second for each
  #else
    private static let worldCount: UInt64 = 3_000
  #endif

  @Test("for thousands of small catalogs, models and requests")
  func smallWorlds() throws {
    for seed in 0..<Self.worldCount {
      try check(seed: seed, World(seed: seed), requestCount: 4)
    }
  }

  @Test("with more than 64, 128 and 256 values of an attribute")
  func manyValues() throws {
    for seed in 10_000..<10_012 as Range<UInt64> {
      let valueCount = [70, 140, 400, 900][Int(seed % 4)]
      try check(seed: seed, World(seed: seed, adCount: 1_200, valueCountMax: valueCount), requestCount: 3)
    }
  }

  private func check(seed: UInt64, _ world: World, requestCount: Int) throws {
    var world = world
    let plans = SIMDLevel.available.map { Plan(model: world.model, catalog: world.catalog, simd: $0) }
    for _ in 0..<requestCount {
      let request = world.request()
      let expected = ReferenceRanker.top(request, model: world.model, catalog: world.catalog)
      for plan in plans {
        for pruning in [true, false] {
          let answer = plan.top(request, pruning: pruning)
          #expect(answer.ads == expected.ads, "seed \(seed), \(plan.simd), pruning \(pruning), \(request)")
          #expect(answer.shortage == expected.shortage, "seed \(seed)")
          #expect(answer.scanned <= plan.activeCount)
        }
      }
    }
  }
}
