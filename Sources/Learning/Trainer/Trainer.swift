import Dispatch
import Events
import Features
import Foundation
import Locking
import Logging
import Ranking

/// Learns in the background: joins, learns what was closed, makes a candidate, and lets it serve if the gate agrees.
///
/// A step goes on from the state file `trainer/state`, written after each step that learnt something and before anything
/// else depends on it: killed at any instant, the next process learns the same examples in the same order to the same
/// bits. Impressions whose click window is still open are learnt by a throw-away copy, with their clicks so far. Live
/// traffic and history are learnt; probes are only evaluated (``lastProbeSeen``), dry runs passed over.
///
/// One process at a time may train a data directory. Steps never overlap; all calls are safe from any thread.
public final class Trainer: Sendable {
  let configuration: TrainerConfiguration
  let schema: Schema
  let joiner: Joiner
  let store: Store
  let registry: ModelRegistry
  let clock: @Sendable () -> Milliseconds
  let logger: Logger
  let stateFile: URL
  private let metrics = TrainerMetrics()
  let liveMetrics = LiveMetrics()
  private let steps: Locked<TrainerState>
  private let sightings = Locked<[ProbeSighting]>([])
  private let loop = TrainerLoop()

  /// Probes remembered.
  public static let probeCountMax = 64

  /// A trainer that goes on from the state in `directory`, afresh when there is none, or one of another schema or other
  /// settings, or a damaged one (which is logged).
  ///
  /// - throws: ``LearningError`` when a setting is outside its range.
  public init(
    directory: URL, schema: Schema, configuration: TrainerConfiguration = .init(), joiner: Joiner, store: Store,
    registry: ModelRegistry, clock: @escaping @Sendable () -> Milliseconds = WallClock.now,
    logger: Logger = Logger(label: "adloop.trainer")
  ) throws(LearningError) {
    self.configuration = configuration
    self.schema = schema
    self.joiner = joiner
    self.store = store
    self.registry = registry
    self.clock = clock
    self.logger = logger
    stateFile = directory.appendingPathComponent("trainer/state")
    steps = Locked(
      TrainerState(
        learner: try Self.restored(stateFile, schema: schema, configuration: configuration, logger: logger)))
  }

  /// The latest probe whose example the trainer has evaluated.
  public var lastProbeSeen: ProbeSighting? { sightings.withLock(\.last) }

  /// The probe with this decision, if it was among the last ``probeCountMax`` that were evaluated.
  public func probe(decision: String) -> ProbeSighting? {
    sightings.withLock { $0.last { $0.decision == decision } }
  }

  /// The learner as the last step left it, a snapshot.
  public var learner: OnlineLearner { steps.withLock(\.learner) }

  /// Does one step now, on the calling thread: join, learn, judge, deploy.
  ///
  /// - throws: an error of the log, the store or the disk; the next step tries again.
  @discardableResult
  public func step() throws -> TrainerReport {
    try steps.withLock { state in
      let start = DispatchTime.now().uptimeNanoseconds
      try joiner.catchUp()
      try registry.refresh()
      var report = TrainerReport()
      try watch(&report)
      report.learntCount = try learnClosed(&state.learner)
      if report.learntCount > 0 {
        try DurableFile.write(try Checkpoint.encode(state.learner), to: stateFile)
      }
      try refit(&state, &report)
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
      metrics.record(report, learner: state.learner, seconds: seconds, now: Double(clock()) / 1000)
      return report
    }
  }

  /// Steps every ``TrainerConfiguration/refitSeconds`` on a thread of its own, at low priority, until ``stop()``.
  public func start() {
    loop.start(seconds: configuration.refitSeconds) { [self] in
      do { try step() } catch {
        logger.error("the trainer's step failed and is tried again: \(error)")
      }
    }
  }

  /// Asks for a step now instead of at the next refit.
  public func wake() { loop.wake() }

  /// Stops the thread; a step that runs is finished first.
  public func stop() { loop.stop() }

  func sawProbe(_ sighting: ProbeSighting) {
    let isNew = sightings.withLock { seen in
      let isNew = !seen.contains { $0.decision == sighting.decision }
      seen.removeAll { $0.decision == sighting.decision }
      seen.append(sighting)
      seen.removeFirst(max(0, seen.count - Self.probeCountMax))
      return isNew
    }
    if isNew { metrics.recordProbe() }
  }

  private static func restored(
    _ file: URL, schema: Schema, configuration: TrainerConfiguration, logger: Logger
  ) throws(LearningError) -> OnlineLearner {
    let fresh = try OnlineLearner(
      schema: schema, settings: configuration.ftrl, coordinateCountMax: configuration.coordinateCountMax)
    guard let data = try? Data(contentsOf: file) else { return fresh }
    do {
      let learner = try Checkpoint.decode(data, schema: schema)
      guard learner.ftrl.settings == configuration.ftrl,
        learner.encoder.index.coordinateCountMax == configuration.coordinateCountMax
      else {
        logger.notice("the trainer's settings have changed; it learns all examples anew")
        return fresh
      }
      return learner
    } catch {
      logger.notice("the trainer learns all examples anew: \(error)")
      return fresh
    }
  }
}

/// What a trainer keeps between two steps.
struct TrainerState: Sendable {
  var learner: OnlineLearner
  /// What the last candidate was made of, to know whether anything is new.
  var lastCandidate: Lineage?
}
