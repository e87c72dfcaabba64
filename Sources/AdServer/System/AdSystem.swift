import Catalog
import Events
import Experiments
import Features
import Foundation
import Learning
import Logging

/// All parts of one system, opened from its data directory: what the server and every command work on.
///
/// Several processes may have one system open: a server, and commands that import, train or report beside it.
public final class AdSystem: Sendable {
  public let directory: DataDirectory
  public let settings: Settings
  public let schema: Schema
  public let log: EventLog
  public let store: Store
  public let joiner: Joiner
  public let registry: ModelRegistry
  public let sealer: TokenSealer
  /// The committed file of experiments; ``DataDirectory/experiments`` takes its place when it exists.
  public let experimentsFile: URL
  /// What the arms of experiments are compared by.
  public let metrics: MetricSet
  let logger: Logger

  /// Environment variable with the secret that opens /admin.
  public static let adminTokenVariable = "ADLOOP_ADMIN_TOKEN"
  /// Environment variable with the token keys; without it they are kept in the data directory.
  public static let tokenKeysVariable = "ADLOOP_TOKEN_KEYS"

  /// Opens the parts, and makes those that don't exist yet.
  ///
  /// - throws: the error of the part that can't be opened; it says what to do.
  public init(
    directory: DataDirectory, settings: Settings, schema: Schema, experiments: URL,
    metrics: MetricSet = .standard, environment: [String: String], logger: Logger = Logger(label: "adloop")
  ) throws {
    self.directory = directory
    self.settings = settings
    self.schema = schema
    self.logger = logger
    experimentsFile = experiments
    self.metrics = metrics
    let keys =
      try environment[Self.tokenKeysVariable].map { try KeyRing(configuration: $0) }
      ?? KeyRing(directory: directory.url.appending(path: "keys"))
    sealer = TokenSealer(keys: keys)
    log = try EventLog(directory: directory.url, configuration: settings.log, logger: logger)
    store = try Store(directory: directory.url)
    joiner = Joiner(log: log, store: store, configuration: settings.join)
    registry = try ModelRegistry(directory: directory.url, schema: schema, log: log, store: store, logger: logger)
  }

  /// The catalog on disk; an empty one when there is none yet.
  public func openCatalog() throws -> LiveCatalog {
    try directory.catalog.open()
  }

  /// The experiments in force.
  public func openExperiments() throws -> ExperimentConfiguration {
    guard let file = experimentsInForce else { return try ExperimentConfiguration() }
    return try ExperimentConfiguration(contentsOf: file)
  }

  /// The file that holds the experiments in force, `nil` when there is none.
  var experimentsInForce: URL? {
    [directory.experiments, experimentsFile].first { FileManager.default.fileExists(atPath: $0.path) }
  }

  /// Joins what the log holds and makes sure that a model serves: what a command needs before it looks at either.
  ///
  /// - parameter progress: is told how many events of the log are joined, and how many there are.
  public func catchUp(progress: (_ joined: Int, _ all: Int) -> Void = { _, _ in }) throws {
    try joiner.catchUp { progress(Int($0), Int(max($0, log.lastOffset))) }
    try TrafficSums(store).catchUp()
    try UserSums(store).catchUp()
    try ExperimentBook(self).recover()
    try registry.refresh()
    try registry.ensureModel()
  }

  /// Closes the store, then the log. What was acknowledged is durable already.
  public func close() throws {
    try store.close()
    try log.close()
  }
}
