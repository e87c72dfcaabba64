import Events
import Learning

/// One pass over everything that follows the log: join, deployment, metrics, probes.
///
/// Not thread-safe: one background loop steps it.
final class SystemLoop {
  private let system: AdSystem
  private let deployer: Deployer
  private let trainer: Trainer
  private let tally: TrafficTally
  private let business: BusinessMetrics
  private let proxy = ProxyWatch()
  private let delivery: DeliveryLoop
  private let gauges = SystemMetrics()
  private var lastProbe: ProbeProgress?

  /// Events that one pass joins at most, so that deployments never wait long.
  private static let joinedEventCountMax = 50_000
  /// Transactions in which one pass adds to the sums of users, likewise.
  private static let userSumStepCountMax = 5
  /// How far back probes are looked for, in events.
  private static let probeEventCount: Int64 = 20_000

  init(_ system: AdSystem, deployer: Deployer, trainer: Trainer, tally: TrafficTally) throws {
    self.system = system
    self.deployer = deployer
    self.trainer = trainer
    self.tally = tally
    business = try BusinessMetrics(system.store)
    delivery = try DeliveryLoop(deployer.ledger, store: system.store)
  }

  func step() throws {
    var joined = 0
    while joined < Self.joinedEventCountMax {
      let progress = try system.joiner.step(limit: system.settings.join.stepEventCount)
      joined += progress.eventCount
      if progress.isCaughtUp { break }
    }
    try TrafficSums(system.store).catchUp()
    try UserSums(system.store).catchUp(stepCountMax: Self.userSumStepCountMax)
    try deployer.step()
    let now = WallClock.now()
    try tally.report(now: now)
    try delivery.step(deployer.state.load(), now: now)
    try business.step(system.store, now: now)
    try proxy.step(system.store, now: now)
    _ = try system.joiner.health()
    gauges.show(deployer.state.load(), now: now)
    try followProbes()
  }

  /// Shows how far probes have come, and has the trainer look at a new one at once.
  private func followProbes() throws {
    let progress = try ProbeProgress(
      system.store, trainer: trainer, after: system.log.lastOffset - Self.probeEventCount)
    gauges.show(progress)
    if progress.example > progress.evaluated, progress.example > lastProbe?.example ?? 0 { trainer.wake() }
    lastProbe = progress
  }
}
