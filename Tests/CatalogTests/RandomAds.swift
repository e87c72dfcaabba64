import Catalog
import Statistics

/// Ads that try what catalogs may hold: awkward texts, missing values, shared rules and budgets.
struct RandomAds {
  private var generator: SeededGenerator

  init(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
  }

  /// Ads with distinct ids, in random order.
  mutating func ads(_ count: Int) -> [Ad] {
    (0..<count).map { ad(id: "\(text())\($0)") }.shuffled(using: &generator)
  }

  mutating func ad(id: String) -> Ad {
    var ad = Ad(id: id, bid: (generator.nextUniform() * 1e4).rounded() / 1e3)
    if chance(0.2) { ad.status = .paused }
    for name in ["category", "price", "ü", "rare"] where chance(name == "rare" ? 0.02 : 0.7) {
      ad.attributes[name] = text()
    }
    if chance(0.4) {
      ad.targeting["country"] = [["DE"], ["AT", "DE"], ["Ö", "\"", "a|b"]].randomElement(using: &generator)
    }
    if chance(0.2) { ad.targeting["device"] = ["mobile"] }
    if chance(0.2) { ad.targeting.forbidden["device"] = ["tv", "e\u{301}", "\u{e9}"] }
    if chance(0.1), let window = try? TimeWindow(days: 0b11, start: 480, end: 1080, zone: "Europe/Berlin") {
      ad.targeting.schedule = [window]
    }
    if chance(0.3) {
      ad.budget = Budget(
        daily: 10, total: chance(0.5) ? 0.1 : nil, campaign: chance(0.5) ? text() : nil,
        billing: chance(0.5) ? .cpm : .cpc, pacing: chance(0.3) ? nil : chance(0.5) ? .even : .asap)
      if chance(0.5) { ad.budget?.frequencyCap = Budget.FrequencyCap(impressions: 65_535, seconds: 86_400) }
    }
    if chance(0.8) {
      ad.creative = Creative(title: "\(text())\n\t", image: "/i/1.png", url: "https://a.example/?q=1#x")
    }
    return ad
  }

  mutating func chance(_ probability: Double) -> Bool { generator.nextUniform() < probability }

  mutating func number(below bound: Int) -> Int { Int(generator.nextUniform() * Double(bound)) }

  private mutating func text() -> String {
    ["a", "A", "zebra", "a b", "\"q\"", "\\", "é", "日本", "🙂", "-1", "12.50", ",", "x|y"].randomElement(
      using: &generator) ?? ""
  }
}

/// A catalog of the given ads.
func catalog(_ ads: [Ad]) throws -> CatalogSnapshot {
  var builder = CatalogBuilder()
  for ad in ads { try builder.add(ad) }
  return builder.build()
}

/// A catalog of random ads.
func randomCatalog(seed: UInt64, count: Int) throws -> CatalogSnapshot {
  var random = RandomAds(seed: seed)
  return try catalog(random.ads(count))
}
