import Catalog
import Dispatch
import Events
import Experiments
import Foundation
import Learning
import Locking
import Logging
import Ranking

/// Keeps what requests are answered from in step with the system: a new live model, catalog or experiment file is folded
/// into a fresh snapshot and swapped in, while requests go on with the old one.
///
/// Edits of ads come from any thread and share commits: durable first, then visible, then answered. One background loop
/// steps the rest. Everything that is swapped in is made on one queue.
final class Deployer: @unchecked Sendable {
  /// What requests read.
  let state: ServingState
  /// What campaigns have spent.
  let ledger: CampaignLedger

  private let system: AdSystem
  private let logger: Logger
  private let queue = DispatchQueue(label: "adloop.deploy", qos: .userInitiated)
  private let waiting = Locked(Waiting())
  private let metrics = CatalogMetrics()

  // Used on the queue only.
  private var writer: CatalogWriter
  /// The campaigns of the writer's ads.
  private var campaigns: CampaignMap
  /// How many catalogs of other processes have come.
  private var generation = 0
  private var experiments: ExperimentConfiguration
  private var plans: [String: Plan] = [:]
  private var liveModel: String
  private var isMerging = false
  /// A merge isn't begun before there are so many changes: it moves on when one has failed.
  private var mergeChangeCountMin = 0
  private var journal = CatalogJournal()

  // Used by the stepping loop only.
  private var experimentsStamp: FileStamp?

  /// Edits that wait for the disk at most; more are turned away.
  static let waitingCountMax = 100_000

  private struct Waiting {
    var submissions: [Submission] = []
    var editCount = 0
  }

  private struct Submission: Sendable {
    let edits: [AdEdit]
    let completion: @Sendable (Result<[Result<AdEdit.Outcome, CatalogError>], any Error>) -> Void
  }

  /// Loads everything, and makes the first snapshot.
  ///
  /// - throws: when catalog, experiments or the live model can't be used.
  init(_ system: AdSystem, logger: Logger) throws {
    self.system = system
    self.logger = logger
    writer = try CatalogWriter(system.directory.catalog)
    let now = WallClock.now()
    ledger = try CampaignLedger(system.settings.delivery, now: WallClock.now())
    experimentsStamp = FileStamp(system.experimentsInForce)
    experiments = try system.openExperiments()
    _ = ledger.split(experiments.budgetSplit)
    campaigns = ledger.map(writer.catalog)
    let history = DeliveryHistory(store: system.store)
    try history.restore(ledger, campaigns, writer.catalog, now: now)
    ledger.follow(try history.curve(now: now, in: ledger.timeZone))
    liveModel = try Self.liveModel(system)
    plans = try Self.plans(system, experiments, live: liveModel, catalog: writer.catalog, known: [:], logger)
    state = ServingState(
      try Self.snapshot(system, writer.catalog, campaigns, experiments, live: liveModel, plans: plans))
  }

  /// Looks for changes and deploys them; the snapshot in use stays when one can't be used.
  ///
  /// - throws: what is wrong with a new catalog, experiment file or model. It is tried again when it changes.
  func step() throws {
    try system.registry.refresh()
    try queue.sync { if writer.isReplaced { try reload() } }
    try deployModels()
    let serving = state.load()
    try DeliveryHistory(store: system.store).restore(ledger, serving.campaigns, serving.catalog, now: WallClock.now())
    queue.sync { mergeIfDue() }
    try logCatalogChanges()
    metrics.show(state.load().catalog)
  }

  /// Hands the changes of the catalog to the log: those of ads when a minute is over since the last, or when `isFinal`.
  ///
  /// - throws: an error of the log; what was handed to it is forgotten.
  func logCatalogChanges(isFinal: Bool = false) throws {
    let now = WallClock.now()
    let records = queue.sync { journal.take(writer.catalog, now: now, isFinal: isFinal) }
    if !records.isEmpty { try system.log.append(records.map { try $0.event(at: now) }) }
  }

  /// Folds models that have come into use into the catalog beside the queue, so that edits go on meanwhile.
  private func deployModels() throws {
    let changed = try changedExperiments()
    let live = try Self.liveModel(system)
    let (catalog, known, serving) = queue.sync { (writer.catalog, plans, (liveModel, experiments)) }
    guard changed != nil || live != serving.0 else { return }
    let wanted = changed ?? serving.1
    let fresh = try Self.plans(system, wanted, live: live, catalog: catalog, known: known, logger)
    try queue.sync {
      // Another catalog has come meanwhile: the next step tries again.
      guard writer.catalog.base === catalog.base else { return experimentsStamp = nil }
      experiments = wanted
      if ledger.split(wanted.budgetSplit) { campaigns = ledger.map(writer.catalog) }
      liveModel = live
      plans = fresh
      try publish()
      logger.notice("serving \(live) over \(catalog.count) ads, catalog \(catalog.base.version)")
    }
  }

  private func changedExperiments() throws -> ExperimentConfiguration? {
    let stamp = FileStamp(system.experimentsInForce)
    guard stamp != experimentsStamp else { return nil }
    experimentsStamp = stamp
    return try system.openExperiments()
  }

  /// Takes the catalog that another process has put in place. Changes made before went with the ads that they changed.
  private func reload() throws {
    let adsBefore = writer.catalog.count
    writer = try CatalogWriter(system.directory.catalog)
    generation += 1
    campaigns = ledger.map(writer.catalog)
    try DeliveryHistory(store: system.store).restore(ledger, campaigns, writer.catalog, now: WallClock.now())
    plans = [:]
    journal.note(replaced: writer.catalog, adsBefore: adsBefore)
    try publish()
    logger.notice("serving \(liveModel) over \(writer.catalog.count) ads, catalog \(writer.catalog.base.version)")
  }

  /// Lets requests see what is in force.
  private func publish() throws {
    let catalog = writer.catalog
    plans = plans.compactMapValues { $0.following(catalog) }
    plans = try Self.plans(system, experiments, live: liveModel, catalog: catalog, known: plans, logger)
    state.store(try Self.snapshot(system, catalog, campaigns, experiments, live: liveModel, plans: plans))
  }
}

// MARK: - Edits

extension Deployer {
  /// Makes edits in their order; `completion` is called on the deployer's queue with what became of each, when all are
  /// durable and visible to every later request.
  func edit(
    _ edits: [AdEdit],
    completion: @escaping @Sendable (Result<[Result<AdEdit.Outcome, CatalogError>], any Error>) -> Void
  ) {
    let (isTaken, isFirst) = waiting.withLock { waiting in
      guard waiting.editCount + edits.count <= Self.waitingCountMax else { return (false, false) }
      waiting.submissions.append(Submission(edits: edits, completion: completion))
      waiting.editCount += edits.count
      return (true, waiting.submissions.count == 1)
    }
    if !isTaken {
      metrics.count(edits.count, .busy)
      completion(.failure(CatalogBusyError()))
    } else if isFirst {
      queue.async { self.commitWaiting() }
    }
  }

  private func commitWaiting() {
    let submissions = waiting.withLock { waiting in
      defer { waiting = Waiting() }
      return waiting.submissions
    }
    do {
      let outcomes: [[Result<AdEdit.Outcome, CatalogError>]]
      do { outcomes = try commit(submissions) } catch let error as CatalogError where error.code == .replacedFile {
        try reload()
        outcomes = try commit(submissions)
      }
      for (submission, outcomes) in zip(submissions, outcomes) { submission.completion(.success(outcomes)) }
    } catch {
      logger.error("changes of ads can't be stored: \(error)")
      metrics.count(submissions.reduce(0) { $0 + $1.edits.count }, .failed)
      for submission in submissions { submission.completion(.failure(error)) }
    }
  }

  private func commit(_ submissions: [Submission]) throws -> [[Result<AdEdit.Outcome, CatalogError>]] {
    var catalog = writer.catalog
    var campaigns = campaigns
    var changes: [CatalogChange] = []
    let outcomes = submissions.map { submission in
      submission.edits.map { edit -> Result<AdEdit.Outcome, CatalogError> in
        do throws(CatalogError) {
          let old = catalog.row(id: edit.id).map { (row: $0, budget: catalog.budget($0)) }
          let (change, outcome) = try edit.apply(to: &catalog)
          changes.append(change)
          if let ad = outcome.ad, let row = catalog.row(id: ad.id) {
            ledger.put(row: row, id: ad.id, ad.budget, replacing: old, in: &campaigns)
          } else if let old {
            ledger.remove(row: old.row, old.budget, in: &campaigns)
          }
          return .success(outcome)
        } catch { return .failure(error) }
      }
    }
    if !changes.isEmpty {
      try writer.commit(changes, catalog)
      journal.note(changes)
      self.campaigns = campaigns
      try publish()
    }
    metrics.count(changes.count, .stored)
    metrics.count(outcomes.reduce(0) { $0 + $1.count } - changes.count, .rejected)
    return outcomes
  }
}

// MARK: - Merges

extension Deployer {
  /// Begins to merge the changes into a new file, at background priority, when there are many.
  private func mergeIfDue() {
    let catalog = writer.catalog
    let due = max(CatalogWriter.mergeChangeCount(adCount: catalog.base.count), mergeChangeCountMin)
    guard !isMerging, catalog.changeCount >= due else { return }
    isMerging = true
    let (merge, generation, models) = (writer.beginMerge(), generation, plans.values.map(\.model))
    DispatchQueue.global(qos: .utility).async { [self] in
      let result = Result {
        let merged = try merge.run()
        return (merged, models.map { Plan(model: $0, catalog: merged.snapshot) })
      }
      queue.async { self.finishMerge(generation, result) }
    }
  }

  private func finishMerge(
    _ mergedGeneration: Int, _ result: Result<(CatalogWriter.Merge.Result, [Plan]), any Error>
  ) {
    isMerging = false
    do {
      let (merged, fresh) = try result.get()
      guard generation == mergedGeneration else { return merged.discard() }
      try writer.finish(merged)
      campaigns = ledger.map(writer.catalog)
      plans = Dictionary(fresh.map { ($0.model.id, $0) }) { first, _ in first }
      mergeChangeCountMin = 0
      try publish()
      logger.notice(
        "merged the changes of ads: \(writer.catalog.base.count) ads, catalog \(writer.catalog.base.version)")
    } catch {
      let changeCount = writer.catalog.changeCount
      mergeChangeCountMin = changeCount + CatalogWriter.mergeChangeCount(adCount: 0)
      logger.error("the changes of ads can't be merged, which is tried again after some more: \(error)")
    }
  }
}

// MARK: - Snapshots

extension Deployer {
  private static func liveModel(_ system: AdSystem) throws -> String {
    if system.registry.current == nil { try system.catchUp() }
    guard let current = system.registry.current else { throw DeployError.noModel }
    return current.model
  }

  /// The plans of the models in use; those known already are kept, those out of use are dropped.
  private static func plans(
    _ system: AdSystem, _ experiments: ExperimentConfiguration, live: String, catalog: LiveCatalog,
    known: [String: Plan], _ logger: Logger
  ) throws -> [String: Plan] {
    var plans: [String: Plan] = [:]
    plans[live] = try known[live] ?? Plan(model: system.registry.model(live), catalog: catalog)
    for id in experiments.models where plans[id] == nil {
      do { plans[id] = try known[id] ?? Plan(model: system.registry.model(id), catalog: catalog) } catch {
        logger.warning("an experiment asks for model \(id), which can't be served: \(error)")
      }
    }
    return plans
  }

  private static func snapshot(
    _ system: AdSystem, _ catalog: LiveCatalog, _ campaigns: CampaignMap, _ experiments: ExperimentConfiguration,
    live: String, plans: [String: Plan]
  ) throws -> ServingSnapshot {
    guard let plan = plans[live] else { throw DeployError.noModel }
    return ServingSnapshot(
      catalog: catalog, campaigns: campaigns, schema: system.schema, assigner: Assigner(experiments), live: plan,
      plans: plans)
  }
}

extension ExperimentConfiguration {
  /// Ids of the models that arms of experiments ask for.
  var models: Set<String> {
    Set(experiments.filter { $0.status != .stopped }.flatMap { $0.arms.compactMap(\.changes.model) })
  }
}

/// Why nothing can be served.
enum DeployError: Error, CustomStringConvertible {
  case noModel

  var description: String { "no model serves; see 'adloop models list' and promote one" }
}

/// More edits wait for the disk than there may.
struct CatalogBusyError: Error {}
