import Catalog
import Experiments
import Foundation
import Learning
import Logging
import Ranking

/// Keeps what requests are answered from in step with the system: a new live model, catalog or experiment file is folded
/// into a fresh snapshot and swapped in, while requests go on with the old one.
///
/// Not thread-safe: one background loop steps it.
final class Deployer {
  private let system: AdSystem
  private let logger: Logger
  private var catalog: CatalogSnapshot
  private var campaigns: CampaignMap
  private var catalogStamp: FileStamp?
  private var experiments: ExperimentConfiguration
  private var experimentsStamp: FileStamp?
  private var plans: [String: Plan] = [:]
  private(set) var liveModel: String

  /// Loads everything, and makes the first snapshot.
  ///
  /// - throws: when catalog, experiments or the live model can't be used.
  init(_ system: AdSystem, logger: Logger) throws {
    self.system = system
    self.logger = logger
    catalogStamp = FileStamp(system.directory.catalog)
    catalog = try system.openCatalog()
    let now = WallClock.now()
    ledger = try CampaignLedger(system.settings.delivery, now: now)
    campaigns = ledger.map(catalog)
    let history = DeliveryHistory(store: system.store)
    try history.restore(ledger, campaigns, catalog, now: now)
    ledger.follow(try history.curve(now: now, in: ledger.timeZone))
    experimentsStamp = FileStamp(system.experimentsInForce)
    experiments = try system.openExperiments()
    liveModel = try Self.liveModel(system)
    state = ServingState(
      try Self.snapshot(
        system, catalog: catalog, campaigns: campaigns, experiments: experiments, live: liveModel, plans: &plans, logger
      ))
  }

  /// What requests read.
  let state: ServingState
  /// What campaigns have spent.
  let ledger: CampaignLedger

  /// Looks for changes and deploys them; the snapshot in use stays when one can't be used.
  ///
  /// - throws: what is wrong with a new catalog, experiment file or model. It is tried again when it changes.
  func step() throws {
    try system.registry.refresh()
    let isCatalogNew = try reloadCatalog()
    let areExperimentsNew = try reloadExperiments()
    let live = try Self.liveModel(system)
    guard isCatalogNew || areExperimentsNew || live != liveModel else { return }
    if isCatalogNew { plans = [:] }
    liveModel = live
    state.store(
      try Self.snapshot(
        system, catalog: catalog, campaigns: campaigns, experiments: experiments, live: live, plans: &plans, logger))
    logger.notice("serving \(live) over \(catalog.count) ads, catalog \(catalog.version)")
  }

  private func reloadCatalog() throws -> Bool {
    let stamp = FileStamp(system.directory.catalog)
    guard stamp != catalogStamp else { return false }
    catalogStamp = stamp
    catalog = try system.openCatalog()
    campaigns = ledger.map(catalog)
    try DeliveryHistory(store: system.store).restore(ledger, campaigns, catalog, now: WallClock.now())
    return true
  }

  private func reloadExperiments() throws -> Bool {
    let stamp = FileStamp(system.experimentsInForce)
    guard stamp != experimentsStamp else { return false }
    experimentsStamp = stamp
    experiments = try system.openExperiments()
    return true
  }

  private static func liveModel(_ system: AdSystem) throws -> String {
    if system.registry.current == nil { try system.catchUp() }
    guard let current = system.registry.current else { throw DeployError.noModel }
    return current.model
  }

  /// Folds the models in use into the catalog; plans that exist already are kept, those out of use are dropped.
  private static func snapshot(
    _ system: AdSystem, catalog: CatalogSnapshot, campaigns: CampaignMap, experiments: ExperimentConfiguration,
    live: String,
    plans: inout [String: Plan], _ logger: Logger
  ) throws -> ServingSnapshot {
    var fresh: [String: Plan] = [:]
    fresh[live] = try plans[live] ?? Plan(model: system.registry.model(live), catalog: catalog)
    for id in experiments.models where fresh[id] == nil {
      do { fresh[id] = try plans[id] ?? Plan(model: system.registry.model(id), catalog: catalog) } catch {
        logger.warning("an experiment asks for model \(id), which can't be served: \(error)")
      }
    }
    plans = fresh
    guard let plan = fresh[live] else { throw DeployError.noModel }
    return ServingSnapshot(
      catalog: catalog, campaigns: campaigns, schema: system.schema, assigner: Assigner(experiments), live: plan,
      plans: fresh)
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
