import Catalog
import Events
import Features
import Ranking
import Statistics

/// A random world whose ads, with budgets and caps, change while money is spent, and which keeps its own books of both.
struct LiveWorld {
  private(set) var plan: Plan
  private var world: World
  private var changes: AdChanges
  private var generator: SeededGenerator
  private var live: LiveCatalog
  private let ledger: CampaignLedger
  private var map: CampaignMap

  /// The books: ads by id, what campaigns have spent, and who has seen them.
  private var ads: [String: Ad] = [:]
  private var spent: [String: Double] = [:]
  private var seen: [String: Int] = [:]

  private static let now = DeliveryTests.noon

  init(seed: UInt64) throws {
    world = try World(seed: seed)
    changes = AdChanges(seed: seed, world: world)
    generator = SeededGenerator(seed: ~seed)
    var builder = CatalogBuilder()
    for row in 0..<world.catalog.count {
      var ad = world.catalog.ad(row)
      if generator.nextUniform() < 0.5 { ad.budget = Self.budget(&generator) }
      try builder.add(ad)
      ads[ad.id] = ad
    }
    live = LiveCatalog(builder.build())
    plan = Plan(model: world.model, catalog: live)
    ledger = try CampaignLedger(DeliverySettings(), now: Self.now)
    map = ledger.map(live)
  }

  /// Amounts are powers of 2, so that sums are exact; ads of one campaign may differ in them.
  private static func budget(_ generator: inout SeededGenerator) -> Budget {
    let number = Int.random(in: 0..<5, using: &generator)
    var budget = Budget()
    if generator.nextUniform() < 0.5 { budget.daily = [0, 1, 4, 16].randomElement(using: &generator) }
    if generator.nextUniform() < 0.3 { budget.total = [2, 8].randomElement(using: &generator) }
    if generator.nextUniform() < 0.3 {
      budget.frequencyCap = Budget.FrequencyCap(
        impressions: Int.random(in: 1...3, using: &generator), seconds: 600)
    }
    if generator.nextUniform() < 0.6 { budget.campaign = "campaign-\(number)" }
    return budget
  }
}

// MARK: - What happens

extension LiveWorld {
  /// Puts, changes and deletes ads as an operator does.
  mutating func change() throws {
    for _ in 0..<changes.count() {
      var change = changes.next(live)
      if case .put(var ad) = change, generator.nextUniform() < 0.6 {
        ad.budget = generator.nextUniform() < 0.7 ? Self.budget(&generator) : nil
        change = .put(ad)
      }
      let old = live.row(id: change.id).map { (row: $0, budget: live.budget($0)) }
      try live.apply(change)
      switch change {
      case .put(let ad):
        ads[ad.id] = ad
        ledger.put(row: live.row(id: ad.id)!, id: ad.id, ad.budget, replacing: old, in: &map)
      case .delete(let id):
        ads[id] = nil
        if let old { ledger.remove(row: old.row, old.budget, in: &map) }
      }
    }
    plan = plan.following(live)!
  }

  /// Folds the changes into a snapshot of their own.
  mutating func merge() {
    live = LiveCatalog(live.merged())
    plan = Plan(model: world.model, catalog: live)
    map = ledger.map(live)
  }

  /// Clicks and impressions of random ads, counted here and in the ledger.
  mutating func spend() {
    let ids = ads.keys.sorted()
    for _ in 0..<Int.random(in: 0...ids.count / 2 + 1, using: &generator) {
      guard let id = ids.randomElement(using: &generator), let ad = ads[id] else { return }
      let isClick = Bool.random(using: &generator)
      let price = Double(Int.random(in: 0...8, using: &generator)) / 4
      let user = "user-\(Int.random(in: 0..<3, using: &generator))"
      let served = ServedAd(
        decision: DecisionID(time: Self.now, random: 0), slot: 1, time: Self.now, user: user, context: [:], ad: id,
        attributes: [:], model: "m", ctr: 0.1, bid: price, price: price)
      ledger.record(
        Event(kind: isClick ? .click : .impression, served: served, time: Self.now, received: Self.now),
        row: live.row(id: id)!, in: map)
      guard ad.budget != nil else { continue }
      if isClick {
        spent[campaign(ad), default: 0] += price
      } else if cap(ad) != nil {
        seen["\(user) \(campaign(ad))", default: 0] += 1
      }
    }
  }

  mutating func request() -> (RankRequest, user: String) {
    var request = world.request()
    let user = ["", "user-0", "user-1", "user-2"].randomElement(using: &generator)!
    request.admission = ledger.admission(map, user: user, now: Self.now)
    let repeats = Int.random(in: 0...2, using: &generator)
    if repeats > 0 { request.diversity = Diversity(attribute: "a0", adsPerAdvertiserMax: repeats) }
    return (request, user)
  }

  mutating func someIDs(_ count: Int) -> [String] {
    Array(ads.keys.sorted().shuffled(using: &generator).prefix(count))
  }
}

// MARK: - What follows from the books

extension LiveWorld {
  private func campaign(_ ad: Ad) -> String { ad.budget?.campaign.map { "c \($0)" } ?? "a \(ad.id)" }

  /// Budgets of the ads that share the campaign of an ad.
  private func budgets(_ ad: Ad) -> [Budget] {
    ads.values.filter { $0.budget != nil && campaign($0) == campaign(ad) }.compactMap(\.budget)
  }

  private func cap(_ ad: Ad) -> Int? { budgets(ad).compactMap(\.frequencyCap?.impressions).min() }

  /// `budget`, `cap`, or `nil` when the ad's campaign lets it be shown.
  private func hindrance(_ ad: Ad, _ user: String) -> String? {
    guard ad.budget != nil else { return nil }
    let limits = budgets(ad).flatMap { [$0.daily, $0.total] }.compactMap(\.self)
    if let limit = limits.min(), spent[campaign(ad), default: 0] >= limit { return "budget" }
    guard !user.isEmpty, let cap = cap(ad) else { return nil }
    return seen["\(user) \(campaign(ad))", default: 0] >= cap ? "cap" : nil
  }

  /// All ads that may be shown, in their order, diversity aside.
  private func ranked(_ request: RankRequest, _ user: String) throws -> [RankedAd] {
    var builder = CatalogBuilder()
    var hindered: [String: Bool] = [:]
    for ad in ads.values.sorted(by: { $0.id < $1.id }) {
      let key = ad.budget == nil ? "" : campaign(ad)
      let isHindered = hindered[key] ?? (hindrance(ad, user) != nil)
      hindered[key] = isHindered
      if !isHindered { try builder.add(ad) }
    }
    let plain = RankRequest(
      context: request.context, slotCount: 1_000_000, excluded: request.excluded.map(\.text),
      objective: request.objective, reservePrice: request.reservePrice, time: request.time)
    return ReferenceRanker.top(plain, model: world.model, catalog: builder.build()).ads
  }

  /// The ads that the decision must have.
  func expected(_ request: RankRequest, _ user: String) throws -> [RankedAd] {
    var counts: [String: Int] = [:]
    let diverse = try ranked(request, user).filter { ad in
      guard let diversity = request.diversity, let name = ads[ad.id]?.attributes[diversity.attribute] else {
        return true
      }
      counts[name, default: 0] += 1
      return counts[name]! <= diversity.adsPerAdvertiserMax
    }
    return Array(diverse.prefix(request.slotCount))
  }

  /// Why the ad must be shown or not, as ``AdExplanation/Verdict/kind`` has it.
  func expectedVerdict(_ id: String, _ request: RankRequest, _ user: String) throws -> String {
    guard let ad = ads[id] else { return "unknown" }
    if ad.status == .paused { return "paused" }
    let rule = TargetingRule(ad.targeting)
    if rule.unmetCondition({ request.context[$0] }) != nil { return "targeting" }
    if !rule.isOpen(at: request.time) { return "schedule" }
    if request.excluded.contains(ExactText(id)) { return "excluded" }
    if ad.bid < request.reservePrice { return "reserve" }
    if let hindrance = hindrance(ad, user) { return hindrance }
    let ranked = try ranked(request, user)
    guard let place = ranked.firstIndex(where: { $0.id == id }) else { return "not ranked" }
    if let diversity = request.diversity, let name = ad.attributes[diversity.attribute] {
      let better = ranked[..<place].count { ads[$0.id]?.attributes[diversity.attribute] == name }
      if better >= diversity.adsPerAdvertiserMax { return "advertiser" }
    }
    return "rank \(place + 1)"
  }
}
