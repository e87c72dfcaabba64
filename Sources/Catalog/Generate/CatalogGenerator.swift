import Statistics

/// Makes up ads that look like those of a real market: a few large advertisers and campaigns with many ads and a long
/// tail of small ones, campaigns that decide category, audience, price and targeting, and log-normal bids.
///
/// The same number of ads and seed give the same catalog on every machine.
public struct CatalogGenerator: Sequence, IteratorProtocol, Sendable {
  private let adCount: Int
  private let campaigns: [GeneratedCampaign]
  private let campaignSampler: ZipfSampler
  private var generator: SeededGenerator
  private var number = 0

  /// Ads between two reports of progress.
  static let progressAdCount = 20_000
  /// Targeting rules that campaigns choose from.
  static let ruleCountMax = 2_000

  public init(adCount: Int, seed: UInt64) {
    self.adCount = adCount
    var generator = SeededGenerator(seed: seed)
    let advertiserCount = 1 + Int(5 * Double(Swift.max(adCount, 0)).squareRoot())
    let campaignCount = 8 * advertiserCount
    let rules = (0..<Swift.min(Self.ruleCountMax, 1 + campaignCount / 8)).map { _ in
      GeneratedCampaign.rule(&generator)
    }
    let advertisers = (1...advertiserCount).map { GeneratedAdvertiser(number: $0, &generator) }
    let advertiserSampler = ZipfSampler(count: advertiserCount, exponent: 0.9)
    campaigns = (1...campaignCount).map { number in
      let advertiser = advertisers[advertiserSampler.draw(&generator)]
      return GeneratedCampaign(number: number, advertiser: advertiser, rules: rules, &generator)
    }
    campaignSampler = ZipfSampler(count: campaignCount, exponent: 0.8)
    self.generator = generator
  }

  /// The next ad, `ad-1` first; `nil` after the last one.
  public mutating func next() -> Ad? {
    guard number < adCount else { return nil }
    number += 1
    let campaign = campaigns[campaignSampler.draw(&generator)]
    let bid = generator.nextLogNormal(logMean: campaign.bidLogMean, logDeviation: 0.4)
    return Ad(
      id: "ad-\(number)", bid: Swift.max(1, (100 * bid).rounded()) / 100,
      status: generator.nextUniform() < 0.99 ? campaign.status : .paused,
      attributes: attributes(campaign), targeting: campaign.targeting, budget: campaign.budget,
      creative: creative(campaign))
  }

  /// The whole catalog; a million ads take a few seconds.
  ///
  /// - parameter progress: called now and then with the number of ads so far, and at the end.
  /// - throws: ``CatalogError`` when there are more ads than ``CatalogBuilder/Limits`` allows.
  public static func snapshot(
    adCount: Int, seed: UInt64, progress: (Int) -> Void = { _ in }
  ) throws(CatalogError) -> CatalogSnapshot {
    var builder = CatalogBuilder()
    for ad in CatalogGenerator(adCount: adCount, seed: seed) {
      try builder.add(ad)
      if builder.count.isMultiple(of: progressAdCount) { progress(builder.count) }
    }
    progress(builder.count)
    return builder.build()
  }

  private mutating func attributes(_ campaign: GeneratedCampaign) -> [String: String] {
    var attributes = [
      "category": campaign.category.name, "advertiser": campaign.advertiser.name, "campaign": campaign.name,
      "audience": campaign.audience, "format": campaign.format,
    ]
    let price = generator.nextLogNormal(logMean: campaign.priceLogMean, logDeviation: 0.3)
    if generator.nextUniform() < 0.95 { attributes["price"] = Self.priceText(price) }
    return attributes
  }

  /// A price as shops set it: x.90 below 100, whole fives below 1,000, whole fifties above.
  private static func priceText(_ price: Double) -> String {
    if price < 100 { return "\(Int(price)).90" }
    let step = price < 1_000 ? 5.0 : 50
    return String(Int((price / step).rounded() * step))
  }

  private mutating func creative(_ campaign: GeneratedCampaign) -> Creative {
    let category = campaign.category.name
    let image = Int(generator.nextUniform() * 100)
    return Creative(
      title: "\(generator.pick(Vocabulary.adjectives)) \(campaign.product) from \(campaign.advertiser.brand)",
      image: "/creatives/\(category)/\(image).jpg",
      url: "https://\(campaign.advertiser.name).example/\(category)/\(number)")
  }
}
