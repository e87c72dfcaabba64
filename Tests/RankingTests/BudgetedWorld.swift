import Catalog
import Events
import Ranking
import Statistics

/// A random world whose ads have budgets and caps, some spent, and which knows by itself what is left.
struct BudgetedWorld {
  let model: Model
  let catalog: CatalogSnapshot
  private var world: World
  private var generator: SeededGenerator
  private let ledger: CampaignLedger
  private let map: CampaignMap
  private var exhausted = Set<String>()
  private var seen: [String: Int] = [:]

  private static let time = DeliveryTests.noon

  init(seed: UInt64) throws {
    world = try World(seed: seed)
    generator = SeededGenerator(seed: ~seed)
    model = world.model
    var builder = CatalogBuilder()
    for row in 0..<world.catalog.count {
      var ad = world.catalog.ad(row)
      if generator.nextUniform() < 0.7 { ad.budget = Self.budget(&generator) }
      try builder.add(ad)
    }
    catalog = builder.build()
    ledger = try CampaignLedger(DeliverySettings(), now: Self.time)
    map = ledger.map(LiveCatalog(catalog))
    spend()
  }

  /// Random amounts a campaign: the name says them, so that all ads of a campaign agree.
  private static func budget(_ generator: inout SeededGenerator) -> Budget {
    let number = Int.random(in: 0..<8, using: &generator)
    var budget = Budget(daily: number % 3 == 0 ? nil : 2, total: number % 4 == 0 ? nil : 3)
    if number % 2 == 0 { budget.frequencyCap = Budget.FrequencyCap(impressions: 1 + number / 4, seconds: 600) }
    if generator.nextUniform() < 0.7 { budget.campaign = "campaign-\(number)" }
    return budget
  }

  /// Clicks and impressions of random ads, counted here and in the ledger.
  private mutating func spend() {
    guard catalog.count > 0 else { return }
    var spent: [String: Double] = [:]
    for _ in 0..<Int.random(in: 0...2 * catalog.count, using: &generator) {
      let row = Int.random(in: 0..<catalog.count, using: &generator)
      let isClick = Bool.random(using: &generator)
      let price = Double(Int.random(in: 0...8, using: &generator)) / 4
      let user = "user-\(Int.random(in: 0..<3, using: &generator))"
      let served = ServedAd(
        decision: DecisionID(time: Self.time, random: 0), slot: 1, time: Self.time, user: user, context: [:],
        ad: catalog.id(row), attributes: [:], model: "m", ctr: 0.1, bid: price, price: price)
      ledger.record(
        Event(kind: isClick ? .click : .impression, served: served, time: Self.time, received: Self.time), row: row,
        in: map)
      guard let budget = catalog.budget(row) else { continue }
      let campaign = Self.campaign(budget, catalog.id(row))
      if isClick { spent[campaign, default: 0] += price } else { seen["\(user) \(campaign)", default: 0] += 1 }
      let limit = min(budget.daily ?? .infinity, budget.total ?? .infinity)
      if spent[campaign, default: 0] >= limit { exhausted.insert(campaign) }
    }
  }

  private static func campaign(_ budget: Budget, _ id: String) -> String {
    budget.campaign.map { "c \($0)" } ?? "a \(id)"
  }

  mutating func request() -> (RankRequest, user: String) {
    var request = world.request()
    let user = ["", "user-0", "user-1", "user-2"].randomElement(using: &generator)!
    request.admission = ledger.admission(map, user: user, now: Self.time)
    let repeats = Int.random(in: 0...2, using: &generator)
    if repeats > 0 { request.diversity = Diversity(attribute: "a0", adsPerAdvertiserMax: repeats) }
    return (request, user)
  }

  /// The catalog without the ads whose campaigns may not be shown to the user.
  func allowed(_ user: String) throws -> CatalogSnapshot {
    var builder = CatalogBuilder()
    for row in 0..<catalog.count {
      let ad = catalog.ad(row)
      if let budget = ad.budget {
        let campaign = Self.campaign(budget, ad.id)
        let cap = budget.frequencyCap?.impressions ?? .max
        if exhausted.contains(campaign) || !user.isEmpty && seen["\(user) \(campaign)", default: 0] >= cap { continue }
      }
      try builder.add(ad)
    }
    return builder.build()
  }

  /// The ads in their order, without those whose advertiser has enough better ones.
  func diverse(_ ads: [RankedAd], _ catalog: CatalogSnapshot, _ diversity: Diversity?) -> [RankedAd] {
    guard let diversity else { return ads }
    var taken: [String] = []
    return ads.filter { ad in
      guard let name = catalog.attributes(ad.row)[diversity.attribute] else { return true }
      guard taken.count(where: { $0 == name }) < diversity.adsPerAdvertiserMax else { return false }
      taken.append(name)
      return true
    }
  }
}
