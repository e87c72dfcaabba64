import Foundation
import Statistics

/// A made-up campaign: what its ads have in common.
struct GeneratedCampaign: Sendable {
  /// Unique: the advertiser's name and the campaign's number.
  let name: String
  let advertiser: GeneratedAdvertiser
  let category: Vocabulary.Category
  let audience: String
  let product: String
  let format: String
  let targeting: Targeting
  let budget: Budget?
  let status: Ad.Status
  /// Logarithms of the usual bid and price.
  let bidLogMean: Double
  let priceLogMean: Double

  init(number: Int, advertiser: GeneratedAdvertiser, rules: [Targeting], _ generator: inout SeededGenerator) {
    self.advertiser = advertiser
    name = "\(advertiser.name)-c\(number)"
    category = generator.nextUniform() < 0.85 ? advertiser.category : generator.pickCategory()
    audience = generator.pick(generator.nextUniform() < 0.7 ? category.audiences : Vocabulary.audiences)
    product = generator.pick(category.products)
    format = Vocabulary.formats[generator.nextCategory(weights: Vocabulary.formatWeights) ?? 0]
    targeting = generator.nextUniform() < Self.targetedShare ? generator.pick(rules) : [:]
    status = generator.nextUniform() < 0.97 ? .active : .paused
    bidLogMean = log(category.bidMedian) + advertiser.bidOffset + 0.35 * generator.nextNormal()
    priceLogMean = log(category.priceMedian) + 0.5 * generator.nextNormal()
    budget = Self.budget(campaign: name, &generator)
  }

  /// Share of the campaigns that target somebody.
  static let targetedShare = 0.25

  /// Two of five campaigns have an amount a day, half of these one in all as well.
  private static func budget(campaign: String, _ generator: inout SeededGenerator) -> Budget? {
    guard generator.nextUniform() < 0.4 else { return nil }
    let daily = generator.nextLogNormal(logMean: log(80), logDeviation: 1).rounded(.up)
    let total = generator.nextUniform() < 0.5 ? 30 * daily : nil
    return Budget(daily: daily, total: total, campaign: campaign)
  }

  /// A rule over one to three context fields.
  static func rule(_ generator: inout SeededGenerator) -> Targeting {
    var rule = Targeting()
    if generator.nextUniform() < 0.7 { rule["country"] = generator.pick(Vocabulary.countryGroups) }
    if generator.nextUniform() < 0.35 { rule["device"] = generator.pick(Vocabulary.deviceGroups) }
    if generator.nextUniform() < 0.15 { rule["browser"] = generator.pick(Vocabulary.browserGroups) }
    if generator.nextUniform() < 0.25 { rule["page"] = [generator.pick(Vocabulary.pages)] }
    if rule.isEmpty || generator.nextUniform() < 0.2 { rule["interest"] = [generator.pick(Vocabulary.interests)] }
    return rule
  }
}
