import Catalog
import Dispatch
import Events
import Foundation
import HTTPServer
import Learning
import Locking
import Logging
import Monitoring
import Ranking
import ServiceLifecycle
import UnixSignals

/// A system that serves: the HTTP server in front, and behind it the loops that join, deploy and train.
public final class AdServerApplication: Sendable {
  private let system: AdSystem
  private let claim: DataDirectoryClaim
  private let server: HTTPServer.Server
  private let trainer: Trainer
  private let tally: TrafficTally
  private let deployer: Deployer
  private let version: String
  private let background: BackgroundLoop
  private let upkeep: BackgroundLoop
  private let guardrails: BackgroundLoop?
  private let alerts: BackgroundLoop?
  private let logger: Logger

  /// How long requests under way may take when the server stops, in seconds.
  private static let drainSeconds = 10.0

  /// Loads catalog and model and builds the routes; ``start()`` listens.
  ///
  /// - parameter version: of the program, for the log.
  /// - parameter adminToken: the secret of /admin and /api; `nil` closes them.
  /// - parameter followsClients: lets requests put the clock forward, for simulations only.
  /// - parameter metrics: the registry behind /metrics, already the process's metrics system.
  /// - throws: when another server uses the data directory, or a part can't be loaded.
  public init(
    _ system: AdSystem, version: String, adminToken: String?, followsClients: Bool = false, metrics: PrometheusRegistry,
    logger: Logger
  ) throws {
    self.version = version
    self.system = system
    self.logger = logger
    claim = try system.directory.claim()
    try system.catchUp()
    let deployer = try Deployer(system, logger: logger)
    let trainer = try Trainer(
      directory: system.directory.url, schema: system.schema, configuration: system.settings.trainer,
      joiner: system.joiner, store: system.store, registry: system.registry, logger: logger)
    self.deployer = deployer
    self.trainer = trainer
    tally = TrafficTally(schema: system.schema, log: system.log, now: WallClock.now())
    let loop = Locked(try SystemLoop(system, deployer: deployer, trainer: trainer, tally: tally))
    background = BackgroundLoop(
      label: "adloop.background", priority: .utility, pauseMilliseconds: system.settings.ranking.refreshMilliseconds,
      logger: logger
    ) { try loop.withLock { try $0.step() } }
    let keeper = Upkeep(system)
    upkeep = BackgroundLoop(
      label: "adloop.upkeep", priority: .background,
      pauseMilliseconds: max(1, Int(system.settings.retention.pauseSeconds * 1000)), logger: logger
    ) { try keeper.step(now: WallClock.now()) }
    let (watch, watchSeconds) = (
      GuardrailWatch(system, logger: logger), system.settings.experiments.guardrailPauseSeconds
    )
    guardrails =
      watchSeconds > 0
      ? BackgroundLoop(
        label: "adloop.guardrails", priority: .background, pauseMilliseconds: max(1, Int(watchSeconds * 1000)),
        logger: logger
      ) { try watch.step() } : nil
    let alertPauseSeconds = system.settings.alerts.pauseSeconds
    let alertWatch = Locked(
      try AlertWatch(system, webhook: Webhook(system.settings.alerts.webhook, logger: logger), logger: logger))
    alerts =
      alertPauseSeconds > 0
      ? BackgroundLoop(
        label: "adloop.alerts", priority: .background, pauseMilliseconds: max(1, Int(alertPauseSeconds * 1000)),
        logger: logger
      ) { try alertWatch.withLock { try $0.step(now: WallClock.now()) } } : nil
    server = try HTTPServer.Server(
      configuration: system.settings.http,
      router: Self.router(
        system, deployer, tally: tally, adminToken: adminToken, followsClients: followsClients, metrics: metrics),
      logger: logger, metricsPrefix: "adloop_http")
  }

  /// Listens, notes in the log what it started with, and returns the addresses with their real ports.
  public func start() throws -> [BoundAddress] {
    let addresses = try server.start()
    let catalog = deployer.state.load().catalog
    try system.log.append([
      StartRecord(system, version: version, catalog: catalog.base.version, ads: catalog.count).event
    ])
    return addresses
  }

  /// Runs until SIGTERM or SIGINT, then stops in order: no new connections, answers to what is in flight, the trainer,
  /// the loops, the store.
  public func run() async throws {
    let services: [(any Service)?] = [
      StoppingService { [system, tally, deployer] in
        try deployer.logCatalogChanges(isFinal: true)
        try tally.report(now: WallClock.now(), isFinal: true)
        try system.close()
      },
      upkeep,
      background,
      guardrails,
      alerts,
      StoppingService(starting: { [trainer] in trainer.start() }) { [trainer] in trainer.stop() },
      StoppingService { [server] in await server.drain(deadlineSeconds: Self.drainSeconds) },
    ]
    let reload = reloadCertificatesOnHangup()
    defer { reload.cancel() }
    let group = ServiceGroup(
      configuration: .init(
        services: services.compactMap(\.self).map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint],
        logger: logger))
    try await group.run()
  }

  private func reloadCertificatesOnHangup() -> any DispatchSourceSignal {
    signal(SIGHUP, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: .global())
    source.setEventHandler { [server, logger] in
      do {
        try server.reloadCertificates()
        logger.notice("certificates are read anew")
      } catch { logger.error("the old certificates stay in use: \(error)") }
    }
    source.activate()
    return source
  }

  private static func router(
    _ system: AdSystem, _ deployer: Deployer, tally: TrafficTally, adminToken: String?, followsClients: Bool,
    metrics: PrometheusRegistry
  ) -> Router {
    let (state, ledger) = (deployer.state, deployer.ledger)
    let intakeMetrics = IntakeMetrics()
    let service = RankService(
      state: state, ledger: ledger, sealer: system.sealer, log: system.log, settings: system.settings.ranking,
      tally: tally, clock: WallClock.now)
    let intake = EventIntake(
      log: system.log, sealer: system.sealer, settings: system.settings.intake,
      rules: InvalidTrafficRules(system.settings.invalidTraffic), metrics: intakeMetrics,
      clock: WallClock.now
    ) { event in
      let snapshot = state.load()
      guard let row = event.served.flatMap({ snapshot.catalog.row(id: $0.ad) }) else { return }
      ledger.record(event, row: row, in: snapshot.campaigns)
    }
    let authorization = AdminAuthorization(token: adminToken)
    let routes =
      RankRoutes(service: service, slotsMax: system.settings.ranking.slotsMax).routes
      + LogRoutes(intake: intake, state: state, metrics: intakeMetrics).routes
      + TagRoutes().routes + HealthRoutes(registry: metrics) { Self.readiness(system, state.load()) }.routes
      + AdRoutes(deployer: deployer).routes + ModelRoutes(system: system).routes
      + ExperimentRoutes(system: system).routes + DriftRoutes(system: system).routes
      + AlertRoutes(system: system).routes
    return Router(
      routes: routes,
      middleware: (followsClients ? [.simulatedClock] : [])
        + [Middleware(admit: { request, _ in try authorization.check(request) })],
      openAPI: OpenAPI(
        title: "AdLoop", version: "1", description: "Ranks ads, logs what happened, and tells how it went."))
  }

  private static func readiness(_ system: AdSystem, _ snapshot: ServingSnapshot) -> [HealthRoutes.Readiness] {
    [
      .init(name: "catalog", reason: snapshot.live.activeCount > 0 ? nil : "no active ads: adloop catalog import FILE"),
      .init(name: "model", reason: nil),
      .init(name: "store", reason: system.isStoreReadable ? nil : "the store can't be read"),
    ]
  }
}
