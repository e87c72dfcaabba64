import Catalog
import Events
import Features
import Ranking

/// What all ads of one decision share.
struct Page {
  private let query: RankQuery
  private let request: RankRequest
  private let plan: Plan
  private let snapshot: ServingSnapshot
  private let sealer: TokenSealer
  private let served: ServedPage

  init(
    id: DecisionID, query: RankQuery, request: RankRequest, traffic: Traffic, policy: Policy, snapshot: ServingSnapshot,
    sealer: TokenSealer
  ) {
    self.query = query
    self.request = request
    self.snapshot = snapshot
    self.sealer = sealer
    plan = policy.plan
    served = ServedPage(
      decision: id, time: id.time, user: query.user, context: request.context, model: plan.model.id,
      experiments: policy.arms, objective: request.objective, traffic: traffic)
  }

  /// The ad shown at `slot`, with its token.
  func ad(_ chosen: ChosenAd, slot: Int) -> DecidedAd {
    let ad = chosen.ad
    let ctr = plan.model.probability(logit: ad.logit, slot: slot)
    let token = sealer.seal(
      ServedPage.Ad(
        id: ad.id, slot: slot, attributes: snapshot.schemaAttributes(ad.row), ctr: ctr, bid: ad.bid,
        price: chosen.price, propensity: chosen.propensity), on: served)
    return DecidedAd(
      slot: slot, chosen: chosen, ctr: ctr, token: token, creative: snapshot.catalog.creative(ad.row),
      explanation: query.explain
        ? ScoreExplanation(
          plan.model, context: request.context, attributes: snapshot.catalog.attributes(ad.row), slot: slot) : nil)
  }
}
