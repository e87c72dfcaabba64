import Catalog
import Testing

@Suite("Catalog generator")
struct CatalogGeneratorTests {
  @Test("a seed always makes the same catalog, and another seed another one")
  func golden() throws {
    let version = try CatalogGenerator.snapshot(adCount: 2_000, seed: 7).version
    #expect(version == "e045475191013169")
    #expect(try CatalogGenerator.snapshot(adCount: 2_000, seed: 8).version != version)
  }

  @Test("ads are numbered from 1 and every one is valid")
  func ads() throws {
    var count = 0
    for ad in CatalogGenerator(adCount: 500, seed: 1) {
      count += 1
      #expect(ad.id == "ad-\(count)")
      try ad.validate()
      #expect(!ad.creative.title.isEmpty && ad.creative.url.hasPrefix("https://"))
    }
    #expect(count == 500)
    #expect(Array(CatalogGenerator(adCount: 0, seed: 1)).isEmpty)
  }

  @Test("the market has a long tail, targeting in moderation, and campaigns that belong to one advertiser")
  func shape() throws {
    var progress: [Int] = []
    let catalog = try CatalogGenerator.snapshot(adCount: 20_000, seed: 3) { progress.append($0) }
    #expect(progress.last == 20_000)
    let inspection = CatalogInspection(catalog, topCount: 1)
    #expect((0.15...0.35).contains(inspection.targeting.targetedShare))
    #expect(inspection.targeting.ruleCount <= 2_000)
    #expect((1..<catalog.count).contains(inspection.activeCount))
    #expect(inspection.budgetedCount > catalog.count / 5)
    let campaigns = try #require(catalog.column("campaign"))
    let advertisers = try #require(catalog.column("advertiser"))
    var advertiserOfCampaign: [UInt32: UInt32] = [:]
    var adCounts: [UInt32: Int] = [:]
    for row in 0..<catalog.count {
      let (campaign, advertiser) = (campaigns.codes[row], advertisers.codes[row])
      #expect(advertiserOfCampaign[campaign, default: advertiser] == advertiser)
      advertiserOfCampaign[campaign] = advertiser
      adCounts[campaign, default: 0] += 1
    }
    let descending = adCounts.values.sorted(by: >)
    #expect(descending.prefix(descending.count / 10).reduce(0, +) > catalog.count / 3)
  }
}
