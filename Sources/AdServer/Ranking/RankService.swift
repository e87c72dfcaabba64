import Dispatch
import Events
import Experiments
import HTTPServer
import HTTPTypes
import Ranking

/// Answers /rank: picks the ads, prices them, and seals what happened into tokens.
///
/// Safe from any thread; takes no lock and touches no disk, but for the sampled decisions that it hands to the log.
public struct RankService: Sendable {
  private let state: ServingState
  private let sealer: TokenSealer
  private let log: EventLog
  private let settings: RankingSettings
  private let metrics = RankMetrics()
  private let tally: TrafficTally
  private let clock: @Sendable () -> Milliseconds

  init(
    state: ServingState, sealer: TokenSealer, log: EventLog, settings: RankingSettings,
    tally: TrafficTally, clock: @escaping @Sendable () -> Milliseconds
  ) {
    self.state = state
    self.sealer = sealer
    self.log = log
    self.settings = settings
    self.tally = tally
    self.clock = clock
  }

  /// The decision for a page view.
  ///
  /// - throws: `Problem` 400 when the query passes a limit.
  func decide(_ query: RankQuery, traffic: Traffic) throws -> Decision {
    let start = DispatchTime.now().uptimeNanoseconds
    let slots = try slotCount(query)
    let snapshot = state.load()
    var chance = SystemRandomNumberGenerator()
    let id = DecisionID(time: clock(), using: &chance)
    let known = query.context.filter { snapshot.contextNames.contains($0.key) }
    let policy = Policy(
      assignments: snapshot.assigner.assign(user: query.user, decision: id), snapshot: snapshot, settings: settings)
    let request = RankRequest(
      context: known, slotCount: slots, excluded: Set(query.excluded), objective: policy.objective,
      reservePrice: settings.reservePrice, seed: id.seed)
    let list = policy.plan.decide(request, exploration: policy.exploration, pricing: settings.pricing)
    let page = Page(
      id: id, query: query, context: known, traffic: traffic, policy: policy, snapshot: snapshot, sealer: sealer)
    var decision = Decision(
      id: id, model: policy.plan.model.id, experiments: policy.arms, scanned: list.scanned, slots: slots,
      ads: list.ads.enumerated().map { page.ad($1, slot: $0 + 1) })
    decision.reason = list.shortage?.rawValue
    decision.fallback = policy.fallback
    metrics.countUnknownFields(query.context.count - known.count)
    metrics.count(decision, nanoseconds: Int64(DispatchTime.now().uptimeNanoseconds - start))
    if traffic == .live { tally.count(decision, context: known) }
    keepSample(decision, traffic)
    return decision
  }

  private func slotCount(_ query: RankQuery) throws -> Int {
    let slots = query.slots ?? settings.slots
    guard (1...settings.slotsMax).contains(slots) else {
      throw Problem(
        .badRequest, title: "Invalid rank request", detail: "'slots' must lie between 1 and \(settings.slotsMax)")
    }
    guard query.excluded.count <= settings.excludedMax else {
      throw Problem(
        .badRequest, title: "Invalid rank request", detail: "at most \(settings.excludedMax) ads can be excluded")
    }
    return slots
  }

  /// Hands a share of the decisions to the log. Nobody waits for it: analysis bears a lost sample.
  private func keepSample(_ decision: Decision, _ traffic: Traffic) {
    guard traffic == .live, Double.random(in: 0..<1) < settings.decisionSampleShare else { return }
    let event = decision.sampleEvent(share: settings.decisionSampleShare)
    log.append([event]) { _ in }
  }
}

/// How one request is ranked: the settings, and on top of them what its experiment arms change.
struct Policy: Sendable {
  let plan: Plan
  let objective: Objective
  let exploration: ExplorationSettings
  /// Arm by experiment.
  let arms: [String: String]
  /// What is served instead of what an arm asks for, and why.
  let fallback: String?

  init(assignments: [Assignment], snapshot: ServingSnapshot, settings: RankingSettings) {
    let changes = assignments.settings
    arms = assignments.recordedArms
    objective = changes.objective ?? settings.objective
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
}
