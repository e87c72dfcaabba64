import Catalog
import Events
import Features
import Ranking

/// What all ads of one decision share.
struct Page {
  let id: DecisionID
  let query: RankQuery
  let request: RankRequest
  let traffic: Traffic
  let policy: Policy
  let snapshot: ServingSnapshot
  let sealer: TokenSealer

  /// The ad shown at `slot`, with its token.
  func ad(_ chosen: ChosenAd, slot: Int) -> DecidedAd {
    let ranked = chosen.ad
    let model = policy.plan.model
    let attributes = snapshot.catalog.attributes(ranked.row)
    let served = ServedAd(
      decision: id, slot: slot, time: id.time, user: query.user, context: request.context, ad: ranked.id,
      attributes: attributes.filter { snapshot.schema.adIndex($0.key) != nil }, model: model.id,
      experiments: policy.arms, objective: request.objective,
      ctr: model.probability(logit: ranked.logit, slot: slot), bid: ranked.bid, price: chosen.price,
      propensity: chosen.propensity, traffic: traffic)
    return DecidedAd(
      served: served, score: ranked.score, token: sealer.seal(served),
      creative: snapshot.catalog.creative(ranked.row),
      explanation: query.explain
        ? ScoreExplanation(model, context: request.context, attributes: attributes, slot: slot) : nil)
  }
}
