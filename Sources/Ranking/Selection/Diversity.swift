import Catalog

/// How many ads of one advertiser a decision may have. Ads that don't name their advertiser have one each.
public struct Diversity: Sendable, Equatable {
  /// The ad attribute that names the advertiser.
  public var attribute: String
  /// 1 or more.
  public var adsPerAdvertiserMax: Int

  public init(attribute: String, adsPerAdvertiserMax: Int) {
    self.attribute = attribute
    self.adsPerAdvertiserMax = max(adsPerAdvertiserMax, 1)
  }
}

/// Advertisers that have all the ads they may have in the decision under way.
struct Satiated: Sendable {
  private let column: AttributeColumn
  private var counts: [UInt32: Int] = [:]
  private var codes: [UInt32] = []
  private let countMax: Int

  /// - returns: `nil` when no ad names an advertiser.
  init?(_ diversity: Diversity, _ catalog: CatalogSnapshot) {
    guard let column = catalog.column(diversity.attribute) else { return nil }
    self.column = column
    countMax = diversity.adsPerAdvertiserMax
  }

  /// Whether the advertiser of the ad in a row has all its ads.
  func contains(_ row: Int) -> Bool { !codes.isEmpty && codes.contains(column.codes[row]) }

  /// Counts a chosen ad.
  mutating func add(_ row: Int) {
    let code = column.codes[row]
    guard code > 0 else { return }
    counts[code, default: 0] += 1
    if counts[code] == countMax { codes.append(code) }
  }
}

extension Plan {
  /// The best ads with at most so many of each advertiser as the request's diversity allows: from the best down, each ad
  /// whose advertiser doesn't have all its ads above it.
  ///
  /// Exact. Ranks again without the advertisers that have enough, as long as ads are missing: at most once for each of them.
  func diverseTop(_ request: RankRequest, count: Int) -> RankOutcome {
    guard let diversity = request.diversity, var satiated = Satiated(diversity, catalog) else {
      return top(request, count: count)
    }
    var request = request
    var ads: [RankedAd] = []
    var scanned = 0
    while true {
      // What is found now ranks below all that was found before.
      let outcome = top(request, count: count - ads.count)
      scanned = max(scanned, outcome.scanned)
      var isComplete = true
      for ad in outcome.ads {
        guard !satiated.contains(ad.row) else {
          isComplete = false
          continue
        }
        satiated.add(ad.row)
        request.excluded.insert(ad.id)
        ads.append(ad)
      }
      if isComplete { return RankOutcome(ads: ads, scanned: scanned, shortage: outcome.shortage) }
      request.satiated = satiated
    }
  }
}
