/// The best ads for a request.
public struct RankOutcome: Sendable, Equatable {
  /// By score, descending; equal scores by ad id, ascending.
  public let ads: [RankedAd]
  /// Ads that were looked at.
  public let scanned: Int
  /// Why there are fewer ads than asked for, `nil` when there aren't.
  public let shortage: Shortage?

  /// Why a decision has fewer ads than slots. The raw value is a sentence for the answer.
  public enum Shortage: String, Sendable, Codable, CaseIterable {
    case emptyCatalog = "the catalog has no ads"
    case allPaused = "every ad of the catalog is paused"
    case fewEligible =
      "no other active ad passes targeting, exclusions, reserve price, budgets, pacing, caps and diversity"
  }
}

/// One ad of a ranking.
public struct RankedAd: Sendable, Equatable {
  /// Row in the catalog snapshot.
  public let row: Int
  public let id: String
  /// Bid × CTR at slot 1, or CTR at slot 1 alone, by the request's objective.
  public let score: Double
  /// Calibrated probability of a click at slot 1.
  public let ctrAtSlotOne: Double
  /// The model's logit without the effect of a slot; may be −∞.
  public let logit: Double
  /// Currency units a click.
  public let bid: Double

  public init(row: Int, id: String, score: Double, ctrAtSlotOne: Double, logit: Double, bid: Double) {
    self.row = row
    self.id = id
    self.score = score
    self.ctrAtSlotOne = ctrAtSlotOne
    self.logit = logit
    self.bid = bid
  }
}
