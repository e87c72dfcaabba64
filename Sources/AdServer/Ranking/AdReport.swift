import Catalog
import Learning
import Ranking

/// Why an ad has its place for a request, or why it isn't served, for people and scripts.
public struct AdReport: Codable, Sendable, Equatable {
  public var ad: String
  public var model: String
  /// In words: its place, or what keeps it out.
  public var reason: String
  /// Place among all eligible ads by score, from 1; `nil` when it isn't eligible.
  public var rank: Int?
  /// What each feature adds to the logit at slot 1; `nil` for an unknown ad.
  public var score: ScoreExplanation?

  init(_ explanation: AdExplanation, plan: Plan, context: [String: String]) {
    ad = explanation.id
    model = plan.model.id
    reason = explanation.verdict.description
    if case .ranked(let place) = explanation.verdict { rank = place }
    score = explanation.ad.map { ranked in
      ScoreExplanation(plan.model, context: context, attributes: plan.catalog.attributes(ranked.row), slot: 1)
    }
  }
}

extension AdSystem {
  /// Explains one ad for a query, with the live model.
  public func explain(_ ad: String, query: RankQuery) throws -> AdReport {
    let plan = Plan(model: try registry.model("current"), catalog: try openCatalog())
    let request = RankRequest(
      context: query.context, excluded: Set(query.excluded), objective: settings.ranking.objective,
      reservePrice: settings.ranking.reservePrice)
    return AdReport(plan.explain(ad, request), plan: plan, context: query.context)
  }
}
