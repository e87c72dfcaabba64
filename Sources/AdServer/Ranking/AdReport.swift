import Catalog
import Ranking

/// Why an ad has its place for a request, or why it isn't served, for people and scripts.
public struct AdReport: Codable, Sendable, Equatable {
  public var ad: String
  public var model: String
  /// In one word: unknown, paused, targeting, schedule, excluded, reserve, budget, pacing, cap, advertiser or score.
  public var verdict: String
  /// In words: its place, or what keeps it out.
  public var reason: String
  /// Place among all eligible ads by score, from 1; `nil` when it isn't eligible.
  public var rank: Int?
  /// Slot in which it is shown when nothing is drawn at random; `nil` when it isn't shown.
  public var slot: Int?
  /// What orders the ads, also of one that isn't eligible; `nil` for an unknown ad, as the rest.
  public var score: Double?
  /// At slot 1.
  public var ctr: Double?
  public var bid: Double?
  /// What each feature adds to the logit at slot 1.
  public var explanation: ScoreExplanation?

  /// Whether the catalog has the ad.
  public var isKnown: Bool { explanation != nil }

  init(_ explained: AdExplanation, _ plan: Plan, _ request: RankRequest) {
    ad = explained.id
    model = plan.model.id
    verdict = explained.verdict.label
    reason = explained.verdict.description
    slot = explained.slot
    if case .ranked(let place) = explained.verdict {
      rank = place
      reason += slot.map { ", and slot \($0)" } ?? "; better ads take the \(request.slotCount) slots"
    }
    score = explained.ad?.score
    ctr = explained.ad?.ctrAtSlotOne
    bid = explained.ad?.bid
    explanation = explained.ad.map { ranked in
      ScoreExplanation(
        plan.model, context: request.context, attributes: plan.catalog.attributes(ranked.row), slot: 1)
    }
  }
}

extension AdExplanation.Verdict {
  fileprivate var label: String {
    switch self {
    case .unknown: "unknown"
    case .paused: "paused"
    case .targeting: "targeting"
    case .schedule: "schedule"
    case .excluded: "excluded"
    case .belowReserve: "reserve"
    case .hindered(let hindrance): hindrance.withholding.rawValue
    case .advertiser: "advertiser"
    case .ranked: "score"
    }
  }
}
