import Catalog
import Events
import Features

/// Why an ad has its place in the ranking for a request, or none.
public struct AdExplanation: Sendable, Equatable {
  /// What became of the ad.
  public enum Verdict: Sendable, Equatable, CustomStringConvertible {
    /// The catalog has no such ad.
    case unknown
    case paused
    /// The request's value of the field, `nil` when it has none, isn't among the allowed ones, or is a forbidden one.
    case targeting(field: String, value: String?)
    /// The ad's schedule isn't open at the time of the request.
    case schedule
    case excluded
    /// The ad bids less than the reserve price.
    case belowReserve
    /// Its campaign keeps it out.
    case hindered(Hindrance)
    /// Its advertiser has as many better ads as a decision may have of it.
    case advertiser(String)
    /// The ad's place among all eligible ads by score, 1 for the best.
    case ranked(Int)

    public var description: String {
      switch self {
      case .unknown: return "the catalog has no such ad"
      case .paused: return "the ad is paused"
      case .targeting(let field, nil): return "the ad targets '\(field)', which the request doesn't say"
      case .targeting(let field, let value?): return "the ad doesn't target \(field) '\(value)'"
      case .schedule: return "the ad's schedule isn't open at this time"
      case .excluded: return "the request excludes the ad"
      case .belowReserve: return "the ad bids less than the reserve price"
      case .hindered(let hindrance): return hindrance.description
      case .advertiser(let name): return "advertiser '\(name)' has better ads, and a decision may have no more of it"
      case .ranked(let rank): return "the ad has rank \(rank) by score"
      }
    }
  }

  public let id: String
  public let verdict: Verdict
  /// The slot in which it is shown when nothing is drawn at random; `nil` when it isn't shown.
  public let slot: Int?
  /// Score, CTR and logit, also of an ad that isn't eligible; `nil` for an unknown one.
  public let ad: RankedAd?
  /// What the model adds for every ad.
  public let bias: Double
  /// What each matching feature adds to the logit, in the order of the model; may be −∞.
  public let contributions: [Contribution]
}

extension Plan {
  /// Why the ad called `id` ranks where it does for the request, or why it can't be shown.
  ///
  /// Scores every ad to know the rank: tens of milliseconds for a million ads, so it isn't for every request.
  public func explain(_ id: String, _ request: RankRequest) -> AdExplanation {
    guard let row = catalog.row(id: id) else {
      return AdExplanation(id: id, verdict: .unknown, slot: nil, ad: nil, bias: model.bias, contributions: [])
    }
    let ad = rank(row, request)
    return AdExplanation(
      id: id, verdict: verdict(ad, request), slot: slot(ad, request), ad: ad, bias: model.bias,
      contributions: model.contributions(context: request.context, attributes: catalog.attributes(row)))
  }

  private func slot(_ ad: RankedAd, _ request: RankRequest) -> Int? {
    diverseTop(request, count: max(request.slotCount, 0)).ads.firstIndex { $0.row == ad.row }.map { $0 + 1 }
  }

  private func verdict(_ ad: RankedAd, _ request: RankRequest) -> AdExplanation.Verdict {
    let rule = catalog.targetingRule(ad.row)
    if !catalog.isActive(ad.row) { return .paused }
    if let unmet = rule.unmetCondition({ request.context[$0] }) {
      return .targeting(field: unmet.field, value: request.context[unmet.field])
    }
    if !rule.isOpen(at: request.time) { return .schedule }
    if request.excluded.contains(ExactText(ad.id)) { return .excluded }
    if ad.bid < request.reservePrice { return .belowReserve }
    if let hindrance = request.admission?.hindrance(ad.row, seed: request.seed) { return .hindered(hindrance) }
    if let advertiser = betterAdvertiser(ad, request) { return .advertiser(advertiser) }
    return .ranked(rank(of: ad, request))
  }

  /// The ad's place by score, among ads of all advertisers.
  private func rank(of ad: RankedAd, _ request: RankRequest) -> Int {
    let scratch = scratches.take()
    defer { scratches.give(scratch) }
    let search = Search(self, request, scratch, wanted: 0)
    let added = catalog.added(ad.row)
    return search.rank(
      of: Candidate(
        score: ad.score, row: ad.row, order: added.map { 2 * $0.baseRowsBefore } ?? 2 * ad.row + 1, added: added,
        ctr: ad.ctrAtSlotOne, logit: ad.logit))
  }

  /// The ad's advertiser when so many better ads of it are eligible that the ad can't be shown.
  private func betterAdvertiser(_ ad: RankedAd, _ request: RankRequest) -> String? {
    guard let diversity = request.diversity, let advertiser = catalog.attributes(ad.row)[diversity.attribute] else {
      return nil
    }
    let better = catalog.rows(where: diversity.attribute, is: advertiser).count { row in
      guard catalog.isActive(row), isEligible(row, request) else { return false }
      let other = self.rank(row, request)
      return other.score == ad.score ? ExactText(other.id) < ExactText(ad.id) : other.score > ad.score
    }
    return better >= diversity.adsPerAdvertiserMax ? advertiser : nil
  }

  private func isEligible(_ row: Int, _ request: RankRequest) -> Bool {
    catalog.bid(row) >= request.reservePrice && !request.excluded.contains(ExactText(catalog.id(row)))
      && request.admits(row) && catalog.targetingRule(row).matches(at: request.time) { request.context[$0] }
  }
}
