import Events
import Experiments
import Ranking

/// How one request is ranked: the settings, and on top of them what its experiment arms change.
struct Policy: Sendable {
  let plan: Plan
  let exploration: ExplorationSettings
  let pricing: Pricing
  /// Ads of a decision whose request doesn't say how many.
  let slots: Int
  /// Arm by experiment.
  let arms: [String: String]
  /// What is served instead of what an arm asks for, and why.
  let fallback: String?
  private let settings: RankingSettings
  private let changes: ArmSettings

  init(assignments: [Assignment], snapshot: ServingSnapshot, settings: RankingSettings) {
    let changes = snapshot.assigner.settings(of: assignments)
    self.settings = settings
    self.changes = changes
    arms = assignments.recordedArms
    pricing = changes.pricing ?? settings.pricing
    slots = min(changes.slots ?? settings.slots, settings.slotsMax)
    let wanted = changes.model.map { ($0, snapshot.plans[$0]) }
    plan = wanted?.1 ?? snapshot.live
    fallback = wanted.flatMap { name, plan in
      plan == nil ? "model \(name) can't be served; ranked with the live one" : nil
    }
    exploration = ExplorationSettings(
      share: changes.exploration?.share ?? settings.explorationShare,
      topCount: changes.exploration?.topCount ?? settings.explorationTopCount,
      temperature: changes.exploration?.temperature ?? settings.explorationTemperature,
      slotSwapShare: changes.slotSwapShare ?? settings.slotSwapShare)
  }

  /// What the ranker is asked.
  func request(_ query: RankQuery, context: [String: String], admission: Admission?, id: DecisionID) -> RankRequest {
    let repeats = changes.adsPerAdvertiserMax ?? settings.adsPerAdvertiserMax
    return RankRequest(
      context: context, slotCount: query.slots ?? slots, excluded: query.excluded,
      objective: changes.objective ?? settings.objective, reservePrice: changes.reservePrice ?? settings.reservePrice,
      time: id.time, seed: id.seed, admission: admission,
      diversity: repeats > 0
        ? Diversity(attribute: settings.advertiserAttribute, adsPerAdvertiserMax: repeats) : nil)
  }
}
