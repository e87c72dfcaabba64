import Statistics

/// An ad that is shown.
public struct ChosenAd: Sendable, Equatable {
  public let ad: RankedAd
  /// What a click costs, in currency units (of an ad billed by impressions: what a thousand of them cost); never more than
  /// its budgets have left.
  public let price: Double
  /// Probability of this ad at its slot, given the ads in the slots above; 1 without exploration.
  public let propensity: Double

  public init(ad: RankedAd, price: Double, propensity: Double) {
    self.ad = ad
    self.price = price
    self.propensity = propensity
  }
}

/// The ads of a decision in slot order.
public struct ChosenList: Sendable, Equatable {
  public let ads: [ChosenAd]
  /// Ads that were looked at.
  public let scanned: Int
  /// Why there are fewer ads than asked for, `nil` when there aren't.
  public let shortage: RankOutcome.Shortage?
}

extension Plan {
  /// Ranks, explores and prices: the ads to show for a request.
  ///
  /// A function of plan, request (with its seed and what its campaigns have spent) and settings. Each ad's price follows
  /// from its place in the ranking, wherever exploration shows it; the last one before a budget is spent may cost less than the reserve price. Exploration
  /// draws from the ranking that budgets, caps and
  /// diversity leave, so every draw keeps them, and propensities are exact given them. Without exploration it costs no more
  /// than ``top(_:count:pruning:)``.
  public func decide(
    _ request: RankRequest, exploration: ExplorationSettings = .init(), pricing: Pricing = .second
  ) -> ChosenList {
    let slotCount = max(request.slotCount, 0)
    let drawnFrom = exploration.share > 0 ? max(exploration.topCount, slotCount) : slotCount
    let outcome = diverseTop(request, count: drawnFrom + 1)
    let candidates = Array(outcome.ads.prefix(drawnFrom))
    var shown = Array(candidates.indices.prefix(slotCount))
    var propensities = [Double](repeating: 1, count: shown.count)
    if !exploration.isOff {
      let selection = Selection(scores: candidates.map(\.score), count: slotCount, settings: exploration)
      var generator = SeededGenerator(seed: request.seed)
      shown = selection.draw(&generator)
      propensities = selection.propensities(shown)
    }
    let ads = zip(shown, propensities).map { rank, propensity in
      let next = rank + 1 < outcome.ads.count ? outcome.ads[rank + 1] : nil
      let price = pricing.price(of: candidates[rank], next: next, reserve: request.reservePrice)
      let priceMax = request.admission?.priceMax(candidates[rank].row) ?? .infinity
      return ChosenAd(ad: candidates[rank], price: min(price, priceMax), propensity: propensity)
    }
    return ChosenList(
      ads: ads, scanned: outcome.scanned, shortage: ads.count < slotCount ? outcome.shortage : nil)
  }
}
