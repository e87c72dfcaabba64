import Catalog
import Events
import Ranking

/// What a model would have earned, had it ranked the live traffic of the store without chance.
///
/// The weight of an impression is that of its ad and of the ads in the slots above, whose logged probabilities are given
/// one another: the product is that of what the visitor saw down to there. The reward model of the doubly robust estimate
/// is another model, best the live one. The catalog is today's: ads that have gone can't be chosen.
public struct StorePolicyEvaluation: Sendable {
  public let report: PolicyReport
  /// Impressions left out because those in the slots above them weren't seen.
  public let incompleteCount: Int

  /// Latest examples that are read.
  public static let exampleCountMax = 200_000

  /// - parameter plan: the model that is asked about, folded into the catalog.
  /// - parameter rewardModel: expects the rewards.
  /// - throws: ``LearningError/Code/noExamples`` without live examples; an error of the store.
  public init(
    store: Store, plan: Plan, rewardModel: Model, objective: Objective, pricing: Pricing, reservePrice: Double,
    reward: PolicyReward = .click, clips: [Double] = [], progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    var decisions: [String: [LoggedExample]] = [:]
    let last = try store.lastExample()
    try store.forEachLoggedExample(after: last - Int64(Self.exampleCountMax), traffic: [.live]) {
      decisions[$0.decision, default: []].append($0)
    }
    guard !decisions.isEmpty else {
      throw LearningError(.noExamples, "the store has no live examples with a known label; serve traffic first")
    }
    var evidence = PolicyReport.Evidence()
    var (incomplete, unsupported, done) = (0, 0, 0)
    for (_, examples) in decisions.sorted(by: { $0.key < $1.key }) {
      done += 1
      if done % 256 == 0 { progress(done, decisions.count) }
      let shown = examples.sorted { $0.slot < $1.slot }
      let seen = zip(shown, 1...).prefix { $0.slot == $1 }.map(\.0)
      incomplete += shown.count - seen.count
      let request = RankRequest(
        context: seen.first?.context ?? [:], slotCount: seen.count, objective: objective, reservePrice: reservePrice)
      let chosen = plan.decide(request, pricing: pricing).ads
      var (matches, propensity) = (true, 1.0)
      for (place, example) in seen.enumerated() {
        let choice = place < chosen.count ? chosen[place] : nil
        matches = matches && choice?.ad.id == example.ad
        propensity *= example.propensity
        if !matches, propensity == 1 { unsupported += 1 }
        let worth = { (price: Double) in reward == .click ? 1 : price }
        evidence.rewards.append(example.label ? worth(example.price) : 0)
        evidence.targetProbabilities.append(matches ? 1 : 0)
        evidence.propensities.append(propensity)
        evidence.expectedLogged.append(
          worth(example.price)
            * rewardModel.probability(context: example.context, attributes: example.attributes, slot: example.slot))
        evidence.expectedTarget.append(
          choice.map { choice in
            worth(choice.price)
              * rewardModel.probability(
                context: example.context, attributes: plan.catalog.attributes(choice.ad.row), slot: example.slot)
          } ?? 0)
      }
    }
    if !evidence.rewards.isEmpty { evidence.unsupportedShare = Double(unsupported) / Double(evidence.rewards.count) }
    report = try PolicyReport(evidence, clips: clips)
    incompleteCount = incomplete
  }
}
