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
  private let ledger: CampaignLedger
  private let sealer: TokenSealer
  private let log: EventLog
  private let settings: RankingSettings
  private let metrics = RankMetrics()
  private let tally: TrafficTally
  private let clock: @Sendable () -> Milliseconds

  /// Decisions that are made for one request when chosen ads are withdrawn before it is answered.
  private static let attemptCountMax = 10

  init(
    state: ServingState, ledger: CampaignLedger, sealer: TokenSealer, log: EventLog, settings: RankingSettings,
    tally: TrafficTally, clock: @escaping @Sendable () -> Milliseconds
  ) {
    self.state = state
    self.ledger = ledger
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
    try checkBounds(query)
    var chance = SystemChance()
    for _ in 0..<Self.attemptCountMax {
      let snapshot = state.load()
      let (decision, request) = try decide(query, traffic, snapshot, &chance)
      let newest = state.load()
      // An ad that was paused or deleted meanwhile isn't served any more once that was acknowledged.
      guard newest === snapshot || decision.ads.allSatisfy({ newest.isActive($0.id) }) else { continue }
      metrics.countUnknownFields(query.context.count - request.context.count)
      let nanoseconds = Int64(DispatchTime.now().uptimeNanoseconds - start)
      metrics.count(decision, nanoseconds: nanoseconds)
      if traffic == .live {
        tally.count(decision, context: request.context)
        ledger.reserve(
          decision.ads.lazy.map { ($0.chosen.ad.row, $0.chosen.price, $0.chosen.ad.ctrAtSlotOne) },
          experiments: decision.experiments, in: snapshot.campaigns)
        // Nobody waits for a sample: analysis bears a lost one.
        let share = settings.decisionSampleShare
        if Double.random(in: 0..<1, using: &chance) < share {
          let event = decision.sampleEvent(
            share: share, user: query.user, context: request.context, nanoseconds: nanoseconds)
          log.append([event]) { _ in }
        }
      }
      return decision
    }
    throw Problem(
      .serviceUnavailable, title: "The catalog changes too fast", detail: "send the request again",
      fields: [.retryAfter: "1"])
  }

  private func decide(
    _ query: RankQuery, _ traffic: Traffic, _ snapshot: ServingSnapshot, _ chance: inout SystemChance
  ) throws -> (decision: Decision, request: RankRequest) {
    let id = DecisionID(time: clock(), using: &chance)
    let (policy, request) = try ask(query, id, snapshot)
    let list = policy.plan.decide(request, exploration: policy.exploration, pricing: policy.pricing)
    let page = Page(
      id: id, query: query, request: request, traffic: traffic, policy: policy, snapshot: snapshot, sealer: sealer)
    var decision = Decision(
      id: id, model: policy.plan.model.id, experiments: policy.arms, scanned: list.scanned, slots: request.slotCount,
      ads: list.ads.enumerated().map { page.ad($1, slot: $0 + 1) })
    decision.reason = list.shortage?.rawValue
    decision.fallback = policy.fallback
    decision.explained = query.explainedAds.map { AdReport(policy.plan.explain($0, request), policy.plan, request) }
    return (decision, request)
  }

  /// Why the ad called `ad` is served for a query, or why not.
  ///
  /// - throws: `Problem` 400 when the query passes a limit.
  func explain(_ ad: String, _ query: RankQuery) throws -> AdReport {
    try checkBounds(query)
    var chance = SystemChance()
    let (policy, request) = try ask(query, DecisionID(time: clock(), using: &chance), state.load())
    return AdReport(policy.plan.explain(ad, request), policy.plan, request)
  }

  private func ask(_ query: RankQuery, _ id: DecisionID, _ snapshot: ServingSnapshot) throws -> (Policy, RankRequest) {
    if !query.forcedArms.isEmpty { try Self.check(query.forcedArms, snapshot.assigner.forcibleArms) }
    let policy = Policy(
      assignments: snapshot.assigner.assign(user: query.user, decision: id, forced: query.forcedArms),
      snapshot: snapshot, settings: settings)
    let isKnown = query.context.keys.allSatisfy { snapshot.contextNames.contains($0) }
    let request = policy.request(
      query, context: isKnown ? query.context : query.context.filter { snapshot.contextNames.contains($0.key) },
      admission: ledger.admission(snapshot.campaigns, user: query.user, experiments: policy.arms, now: id.time), id: id)
    return (policy, request)
  }

  private static func check(_ forced: [String: String], _ known: [String: [String]]) throws {
    for (experiment, arm) in forced.sorted(by: { $0.key < $1.key }) where known[experiment]?.contains(arm) != true {
      let arms =
        known[experiment].map { "has the arms \($0.joined(separator: ", "))" } ?? "is neither a draft nor running"
      throw Problem(
        .badRequest, title: "Invalid rank request",
        detail: "there is no arm '\(arm)' of '\(experiment)' to force: the experiment \(arms)")
    }
  }

  private func checkBounds(_ query: RankQuery) throws {
    guard (1...settings.slotsMax).contains(query.slots ?? 1) else {
      throw Problem(
        .badRequest, title: "Invalid rank request", detail: "'slots' must lie between 1 and \(settings.slotsMax)")
    }
    guard query.excluded.count <= settings.excludedMax else {
      throw Problem(
        .badRequest, title: "Invalid rank request", detail: "at most \(settings.excludedMax) ads can be excluded")
    }
    guard query.explainedAds.count <= settings.explainedMax else {
      throw Problem(
        .badRequest, title: "Invalid rank request",
        detail: "at most \(settings.explainedMax) ads can be explained by name; the setting is ranking.explained_max")
    }
  }
}
