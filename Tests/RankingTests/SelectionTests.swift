import Catalog
import Events
import Foundation
import Ranking
import Statistics
import Testing

@Suite("What is shown of a ranking")
struct SelectionTests {
  @Test("without exploration is its first ads, each with propensity 1")
  func noExploration() throws {
    for seed in 0..<100 as Range<UInt64> {
      var world = try World(seed: seed)
      let request = world.request()
      let plan = Plan(model: world.model, catalog: world.catalog)
      let list = plan.decide(request)
      #expect(list.ads.map(\.ad) == plan.top(request).ads, "seed \(seed)")
      #expect(list.ads.allSatisfy { $0.propensity == 1 }, "seed \(seed)")
    }
  }

  @Test("is a function of the seed")
  func reproducible() throws {
    let plan = try Self.plan(bids: [3, 2, 1, 0.5])
    let exploration = ExplorationSettings(share: 1, topCount: 4, temperature: 1)
    let lists = (0..<50 as Range<UInt64>).map { seed in
      [0, 1].map { _ in plan.decide(RankRequest(context: [:], seed: seed), exploration: exploration) }
    }
    #expect(lists.allSatisfy { $0[0] == $0[1] })
    #expect(Set(lists.map { $0[0].ads.map(\.ad.id) }).count > 5)
  }

  @Test(
    "has propensities whose product is the frequency of the list, and which sum to 1 over all lists",
    arguments: [
      ExplorationSettings(share: 1, topCount: 4, temperature: 1),
      ExplorationSettings(share: 0.3, topCount: 4, temperature: 0.5, slotSwapShare: 0.2),
      ExplorationSettings(share: 0, topCount: 4, temperature: 1, slotSwapShare: 0.4),
      ExplorationSettings(share: 0.5, topCount: 2, temperature: 2, slotSwapShare: 1),
    ])
  func propensities(exploration: ExplorationSettings) throws {
    let plan = try Self.plan(bids: [4, 3, 2, 0.5, 0.4])
    let drawCount = 8_000
    var counts: [[String]: Int] = [:]
    var probabilities: [[String]: Double] = [:]
    var firstPropensities: [String: Double] = [:]
    for seed in 0..<UInt64(drawCount) {
      let list = plan.decide(RankRequest(context: [:], slotCount: 2, seed: seed), exploration: exploration)
      let ids = list.ads.map(\.ad.id)
      let probability = list.ads.reduce(1) { $0 * $1.propensity }
      #expect(abs((probabilities[ids] ?? probability) - probability) < 1e-12)
      probabilities[ids] = probability
      counts[ids, default: 0] += 1
      firstPropensities[ids[0]] = list.ads[0].propensity
    }
    #expect(abs(firstPropensities.values.reduce(0, +) - 1) < 1e-9)
    for (id, probability) in firstPropensities {
      let frequency = Double(counts.filter { $0.key[0] == id }.values.reduce(0, +)) / Double(drawCount)
      #expect(abs(frequency - probability) < 0.03, "\(id)")
    }
    #expect(abs(probabilities.values.reduce(0, +) - 1) < 1e-9)
    for (ids, probability) in probabilities {
      let deviation = (probability * (1 - probability) / Double(drawCount)).squareRoot()
      let frequency = Double(counts[ids]!) / Double(drawCount)
      #expect(abs(frequency - probability) <= 5 * deviation + 1e-12, "\(ids)")
    }
  }

  @Test("keeps advertisers apart in every draw, with propensities that are still exact")
  func diversePropensities() throws {
    var builder = CatalogBuilder()
    for (number, bid) in [8.0, 7, 6, 5, 4, 3, 2, 1].enumerated() {
      try builder.add(Ad(id: "ad-\(number)", bid: bid, attributes: ["a0": "v\(number / 3)"]))
    }
    let model = try Model(id: "m", created: 0, bias: -2, weights: ModelWeights(schema: World.schema()))
    let plan = Plan(model: model, catalog: builder.build())
    let exploration = ExplorationSettings(share: 0.4, topCount: 4, temperature: 2, slotSwapShare: 0.3)
    var request = RankRequest(context: [:], diversity: Diversity(attribute: "a0", adsPerAdvertiserMax: 1))
    #expect(plan.decide(request).ads.map(\.ad.id) == ["ad-0", "ad-3"])
    // The next competitor of another advertiser sets the price.
    #expect(plan.decide(request).ads.map(\.price) == [5, 2])
    var counts: [[String]: Int] = [:]
    var probabilities: [[String]: Double] = [:]
    let drawCount = 5_000
    for seed in 0..<UInt64(drawCount) {
      request.seed = seed
      let list = plan.decide(request, exploration: exploration)
      let ids = list.ads.map(\.ad.id)
      #expect(Set(ids).isSubset(of: ["ad-0", "ad-3", "ad-6"]))
      probabilities[ids] = list.ads.reduce(1) { $0 * $1.propensity }
      counts[ids, default: 0] += 1
    }
    #expect(abs(probabilities.values.reduce(0, +) - 1) < 1e-9)
    for (ids, probability) in probabilities {
      let deviation = (probability * (1 - probability) / Double(drawCount)).squareRoot()
      #expect(abs(Double(counts[ids]!) / Double(drawCount) - probability) <= 5 * deviation + 1e-12, "\(ids)")
    }
  }

  @Test("draws in proportion to score to the power of 1 / temperature")
  func plackettLuce() throws {
    let plan = try Self.plan(bids: [4, 2, 1])
    let exploration = ExplorationSettings(share: 1, topCount: 3, temperature: 0.5)
    for seed in 0..<30 as Range<UInt64> {
      let list = plan.decide(RankRequest(context: [:], slotCount: 2, seed: seed), exploration: exploration)
      var left = ["ad-0": 16.0, "ad-1": 4.0, "ad-2": 1.0]
      for chosen in list.ads {
        let expected = left[chosen.ad.id]! / left.values.reduce(0, +)
        #expect(abs(chosen.propensity - expected) < 1e-12)
        left[chosen.ad.id] = nil
      }
    }
  }

  @Test("costs the smallest cent that keeps the place")
  func secondPrice() {
    let ads = [(0.25, 0.158), (0.95, 0.0202), (0.70, 0.0271)].map { bid, ctr in
      RankedAd(row: 0, id: "", score: bid * ctr, ctrAtSlotOne: ctr, logit: 0, bid: bid)
    }
    let price = Pricing.second.price
    #expect(price(ads[0], ads[1], 0) == 0.13)
    #expect(price(ads[1], ads[2], 0) == 0.94)
    #expect(price(ads[2], nil, 0) == 0)
    #expect(price(ads[2], nil, 0.05) == 0.05)
    #expect(price(ads[0], ads[1], 0.2) == 0.2)
    #expect(price(ads[2], ads[0], 0) == 0.7)
    #expect(Pricing.first.price(of: ads[1], next: ads[2], reserve: 0) == 0.95)
    let never = RankedAd(row: 0, id: "", score: 0, ctrAtSlotOne: 0, logit: -.infinity, bid: 1)
    #expect(price(never, never, 0.01) == 0.01)
  }

  @Test("is never priced above the bid nor below the reserve")
  func priceBounds() throws {
    for seed in 0..<200 as Range<UInt64> {
      var world = try World(seed: seed)
      let request = world.request()
      let exploration = ExplorationSettings(share: 0.5, topCount: 5, slotSwapShare: 0.3)
      let list = Plan(model: world.model, catalog: world.catalog).decide(request, exploration: exploration)
      #expect(list.ads.allSatisfy { request.reservePrice <= $0.price && $0.price <= $0.ad.bid }, "seed \(seed)")
      #expect(list.ads.allSatisfy { 0 < $0.propensity && $0.propensity <= 1 + 1e-12 }, "seed \(seed)")
    }
  }

  @Test("is explained: the logit is the sum of its parts, the rank that of the reference, the verdict its reason")
  func explanation() throws {
    for seed in 0..<150 as Range<UInt64> {
      var world = try World(seed: seed)
      var request = world.request()
      request.slotCount = 1000
      let plan = Plan(model: world.model, catalog: world.catalog)
      let ranked = ReferenceRanker.top(request, model: world.model, catalog: world.catalog).ads
      for row in 0..<min(world.catalog.count, 40) {
        let id = world.catalog.id(row)
        let explanation = plan.explain(id, request)
        let sum = explanation.contributions.reduce(explanation.bias) { $0 + $1.weight }
        #expect(explanation.ad?.logit == sum, "seed \(seed)")
        let rank = ranked.firstIndex { $0.id == id }.map { $0 + 1 }
        if let rank {
          #expect(explanation.verdict == .ranked(rank), "seed \(seed)")
        } else if case .ranked = explanation.verdict {
          Issue.record("seed \(seed): \(id) isn't eligible")
        }
      }
    }
    #expect(try Self.plan(bids: [1]).explain("nobody", RankRequest(context: [:])).verdict == .unknown)
  }

  /// Ads `ad-0`, `ad-1` … of the given bids and the same CTR.
  private static func plan(bids: [Double]) throws -> Plan {
    var builder = CatalogBuilder()
    for (number, bid) in bids.enumerated() { try builder.add(Ad(id: "ad-\(number)", bid: bid)) }
    let model = try Model(id: "m", created: 0, bias: -2, weights: ModelWeights(schema: World.schema()))
    return Plan(model: model, catalog: builder.build())
  }
}
