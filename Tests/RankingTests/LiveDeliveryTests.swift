import Catalog
import Ranking
import Testing

@Suite("Changed ads keep to their campaigns")
struct LiveDeliveryTests {
  #if DEBUG
    private static let worldCount: UInt64 = 24
  #else
    private static let worldCount: UInt64 = 2_000
  #endif

  @Test("targeting, exclusions, spent budgets, caps and advertisers together, before a merge and after it")
  func decisions() throws {
    for seed in 0..<Self.worldCount {
      var world = try LiveWorld(seed: seed)
      for step in 0..<5 {
        try world.change()
        if step == 3 { world.merge() }
        world.spend()
        for _ in 0..<2 {
          let (request, user) = world.request()
          let expected = try world.expected(request, user)
          let list = world.plan.decide(request, pricing: .first)
          #expect(list.ads.map(\.ad.id) == expected.map(\.id), "seed \(seed), step \(step), \(request.objective)")
          #expect(list.ads.map(\.ad.score) == expected.map(\.score), "seed \(seed), step \(step)")
          #expect(list.ads.allSatisfy { world.plan.catalog.id($0.ad.row) == $0.ad.id }, "seed \(seed), step \(step)")
        }
      }
    }
  }

  @Test("and say by the same rules why each is shown or isn't")
  func verdicts() throws {
    for seed in 0..<Self.worldCount / 3 {
      var world = try LiveWorld(seed: seed)
      for _ in 0..<2 {
        try world.change()
        world.spend()
        let (request, user) = world.request()
        let shown = try world.expected(request, user).map(\.id)
        for id in world.someIDs(12) + shown.suffix(2) + ["nobody"] {
          let explanation = world.plan.explain(id, request)
          #expect(explanation.slot == shown.firstIndex(of: id).map { $0 + 1 }, "seed \(seed), \(id)")
          #expect(
            explanation.verdict.kind == (try world.expectedVerdict(id, request, user)), "seed \(seed), \(id)")
          let sum = explanation.contributions.reduce(explanation.bias) { $0 + $1.weight }
          #expect(explanation.ad == nil || explanation.ad?.logit == sum, "seed \(seed), \(id)")
        }
      }
    }
  }
}

extension AdExplanation.Verdict {
  /// The verdict with its rank, without the amounts.
  var kind: String {
    switch self {
    case .unknown: "unknown"
    case .paused: "paused"
    case .targeting: "targeting"
    case .schedule: "schedule"
    case .excluded: "excluded"
    case .belowReserve: "reserve"
    case .hindered(let hindrance): hindrance.withholding.rawValue
    case .advertiser: "advertiser"
    case .ranked(let rank): "rank \(rank)"
    }
  }
}
