import Catalog
import Statistics

/// Random changes of a world's ads: new and replaced ones, bids beyond all others, new values and rules, pauses, deletions.
struct AdChanges {
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
