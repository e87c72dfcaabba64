import Catalog
import Features
import Foundation
import Ranking
import Statistics
import Testing

@Suite("An attribute with more values than two bytes hold")
struct ManyValuesTests {
  private static let valueCount = 70_000

  @Test("is ranked exactly, crossed and alone")
  func exactness() throws {
    var generator = SeededGenerator(seed: 65_536)
    var weights = ModelWeights(schema: try World.schema())
    var expected: [[(score: Double, id: String)]] = [[], []]
    var builder = CatalogBuilder()
    for number in 0..<Self.valueCount {
      let (id, value) = ("ad-\(number)", "v\(number)")
      // Multiples of a sixteenth, so that there are ties.
      let (own, crossed) = (
        (generator.nextNormal() * 16).rounded() / 16, [1, 2].map { (generator.nextNormal() * 16 * $0).rounded() / 16 }
      )
      try builder.add(Ad(id: id, bid: 2, attributes: ["a0": value]))
      try weights.add(FeatureTemplate(context: [], ad: [0]), values: [value], weight: own)
      for (context, weight) in crossed.enumerated() {
        try weights.add(FeatureTemplate(context: [0], ad: [0]), values: ["c\(context)", value], weight: weight)
        let odds = exp(-3 + own + weight)
        expected[context].append((odds, id))
      }
    }
    let model = try Model(id: "m", created: 0, bias: -3, weights: weights)
    let catalog = builder.build()
    #expect(catalog.column("a0")?.values.count == Self.valueCount)
    let wanted = expected.map { ads in
      ads.sorted { $0.score == $1.score ? $0.id < $1.id : $0.score > $1.score }.prefix(20).map(\.id)
    }
    for simd in [SIMDLevel.portable, .preferred] {
      let plan = Plan(model: model, catalog: catalog, simd: simd)
      for context in 0..<2 {
        for pruning in [true, false] {
          let answer = plan.top(RankRequest(context: ["c0": "c\(context)"], slotCount: 20), pruning: pruning)
          #expect(answer.ads.map(\.id) == wanted[context], "\(simd), pruning \(pruning)")
        }
      }
    }
  }
}
