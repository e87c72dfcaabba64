import AdServer
import ArgumentParser
import Foundation
import HTTPServer
import Learning
import Logging
import Metrics
import Monitoring

/// `adloop serve`: the whole loop.
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serve /rank, /log and /metrics, join, and train in the background.",
    discussion: "Set ADLOOP_ADMIN_TOKEN to open /admin. SIGTERM stops after answering what is in flight.")

  @OptionGroup var system: SystemOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "Port for HTTP; 0 takes a free one.")
  var port: Int?

  @Option(help: "Port for HTTPS; needs http.tls in the settings.")
  var tlsPort: Int?

  @Option(
    help: ArgumentHelp(
      "Begin at this time (ISO 8601), and let the requests of adloop simulate put the clock forward. Never in production.",
      valueName: "time"))
  var simulatedClockFrom: String?

  func validate() throws {
    if let text = simulatedClockFrom, SimulatedPeriod.time(text) == nil {
      throw ValidationError("--simulated-clock-from \(text) is no time such as 2026-01-05T00:00:00Z")
    }
    for port in [port, tlsPort].compactMap({ $0 }) where !(0...65_535).contains(port) {
      throw ValidationError("a port lies between 0 and 65535, but is \(port)")
    }
  }

  func run() async throws {
    LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
    let registry = PrometheusRegistry(descriptions: MetricTable.all)
    registry.addProcessMetrics(version: Adloop.configuration.version)
    MetricsSystem.bootstrap(registry)
    simulatedClockFrom.flatMap(SimulatedPeriod.time).map(WallClock.start)
    var settings = try system.settings()
    if let port { settings.http.port = port }
    if let tlsPort { settings.http.tlsPort = tlsPort }
    let environment = ProcessInfo.processInfo.environment
    let opened = try AdSystem(
      directory: system.directory(), settings: settings, schema: system.schema(),
      experiments: URL(fileURLWithPath: system.experiments),
      metrics: system.metricSet(), environment: environment)
    let application = try AdServerApplication(
      opened, version: Adloop.configuration.version, adminToken: environment[AdSystem.adminTokenVariable],
      followsClients: simulatedClockFrom != nil, metrics: registry, logger: Logger(label: "adloop"))
    try announce(application.start().map { "\($0)" })
    try await application.run()
  }

  /// Tells where the server listens, at once, also when the output is a pipe.
  private func announce(_ addresses: [String]) throws {
    let lines =
      output.json
      ? [String(decoding: try JSONEncoder().encode(["listening": addresses]), as: UTF8.self)]
      : addresses.map { "listening on \($0)" }
    FileHandle.standardOutput.write(Data(lines.map { $0 + "\n" }.joined().utf8))
  }
}
