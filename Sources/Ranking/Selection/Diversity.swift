import Catalog
import Features

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
  private let plan: Plan
  private let diversity: Diversity
  private let column: AttributeColumn?
  private var counts: [(advertiser: Advertiser, count: Int)] = []
  private var full: [Advertiser] = []

  /// The advertiser of the ad in a row: its code in the snapshot, or a name that the snapshot doesn't have.
  private enum Advertiser: Equatable {
    case code(UInt32)
    case name(ExactText)
  }

  init(_ diversity: Diversity, _ plan: Plan) {
    self.plan = plan
    self.diversity = diversity
    column = plan.catalog.base.column(diversity.attribute)
  }

  /// Whether the advertiser of the ad in a row has all its ads.
  func contains(_ row: Int) -> Bool { !full.isEmpty && advertiser(row).map { full.contains($0) } ?? false }

  /// Counts a chosen ad.
  mutating func add(_ row: Int) {
    guard let advertiser = advertiser(row) else { return }
    let known = counts.firstIndex { $0.advertiser == advertiser }
    let index = known ?? counts.endIndex
    if known == nil { counts.append((advertiser, 0)) }
    counts[index].count += 1
    if counts[index].count == diversity.adsPerAdvertiserMax { full.append(advertiser) }
  }

  private func advertiser(_ row: Int) -> Advertiser? {
    guard row >= plan.catalog.base.count else {
      guard let code = column?.codes[row], code > 0 else { return nil }
      return .code(code)
    }
    guard let name = plan.catalog.added(row)?.ad.attributes[diversity.attribute] else { return nil }
    return column?.code(name).map { .code($0) } ?? .name(ExactText(name))
  }
}

extension Plan {
  /// The best ads with at most so many of each advertiser as the request's diversity allows: from the best down, each ad
  /// whose advertiser doesn't have all its ads above it.
  ///
  /// Exact. Ranks again without the advertisers that have enough, as long as ads are missing: at most once for each of them.
  func diverseTop(_ request: RankRequest, count: Int) -> RankOutcome {
    guard let diversity = request.diversity else { return top(request, count: count) }
    var satiated = Satiated(diversity, self)
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
        ads.append(ad)
      }
      if isComplete { return RankOutcome(ads: ads, scanned: scanned, shortage: outcome.shortage) }
      request.excluded.formUnion(ads.lazy.map { ExactText($0.id) })
      request.satiated = satiated
    }
  }
}
