import Catalog
import Events
import Features

/// The meaning of a ranking, ad by ad: what ``Plan`` must equal bit by bit. Microseconds an ad; for tests and checks.
public enum ReferenceRanker {
  /// The best `count` ads of the catalog for a request, by score; the request's diversity is heeded.
  public static func top(
    _ request: RankRequest, model: Model, catalog: CatalogSnapshot, count: Int? = nil
  ) -> RankOutcome {
    var ads: [RankedAd] = []
    var activeCount = 0
    for row in 0..<catalog.count where catalog.isActive(row) {
      activeCount += 1
      guard isEligible(row, request, catalog) else { continue }
      ads.append(
        rank(
          row, id: catalog.id(row), bid: catalog.bids[row], attributes: catalog.attributes(row), request, model))
    }
    ads.sort { $0.score == $1.score ? $0.row < $1.row : $0.score > $1.score }
    if let diversity = request.diversity { ads = diverse(ads, diversity, catalog) }
    let wanted = max(count ?? request.slotCount, 0)
    let shortage: RankOutcome.Shortage? =
      ads.count >= wanted ? nil : catalog.count == 0 ? .emptyCatalog : activeCount == 0 ? .allPaused : .fewEligible
    return RankOutcome(ads: Array(ads.prefix(wanted)), scanned: activeCount, shortage: shortage)
  }

  /// An ad as the request sees it.
  static func rank(
    _ row: Int, id: String, bid: Double, attributes: [String: String], _ request: RankRequest, _ model: Model
  ) -> RankedAd {
    let atSlotOne = model.logit(context: request.context, attributes: attributes, slot: 1)
    let logit = atSlotOne - (model.slots[1] ?? 0)
    let ctr = model.calibration.probability(logit: atSlotOne)
    let score = request.objective == .revenue ? bid * ctr : ctr
    return RankedAd(row: row, id: id, score: score, ctrAtSlotOne: ctr, logit: logit, bid: bid)
  }

  /// Whether an active ad may be shown, diversity aside.
  static func isEligible(_ row: Int, _ request: RankRequest, _ catalog: CatalogSnapshot) -> Bool {
    let rule = catalog.targetingRules[Int(catalog.targetingRuleIndices[row])]
    return catalog.bids[row] >= request.reservePrice && !request.excluded.contains(ExactText(catalog.id(row)))
      && request.admits(row) && rule.matches(at: request.time) { request.context[$0] }
  }

  /// From best to worst, each ad whose advertiser doesn't have as many better ones as it may have.
  private static func diverse(_ ads: [RankedAd], _ diversity: Diversity, _ catalog: CatalogSnapshot) -> [RankedAd] {
    var counts: [ExactText: Int] = [:]
    return ads.filter { ad in
      guard let advertiser = catalog.attributes(ad.row)[diversity.attribute] else { return true }
      counts[ExactText(advertiser), default: 0] += 1
      return counts[ExactText(advertiser)]! <= diversity.adsPerAdvertiserMax
    }
  }
}
