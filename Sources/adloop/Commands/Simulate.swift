import AdServer
import ArgumentParser
import Catalog
import Events
import Foundation
import Simulation

/// `adloop simulate`: a world with a known truth, against a running server.
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Play a world whose truth is known against a running server.",
    discussion: """
      Users come by day and night, look at ads or have learnt not to, click, buy, and come back. They use /rank and /log as \
      a website does; the world knows the ads from the catalog in the data directory, or from --catalog. The report \
      compares the server with the best possible ads, with the best that its features can tell, and with random ads.
      """)

  @OptionGroup var system: SystemOptions
  @OptionGroup var period: SimulatedPeriod
  @OptionGroup var output: OutputOptions

  @Option(help: "Address of the server.")
  var url = "http://127.0.0.1:8080"

  @Option(
    help: ArgumentHelp("The server's ads as NDJSON or CSV, if they aren't in the data directory.", valueName: "file"))
  var catalog: String?

  @Option(help: "Page views on a mean day.")
  var viewsPerDay = 100_000.0

  @Option(help: "Users that come back.")
  var users = 20_000

  @Option(help: "Growth of the traffic a week.")
  var growth = 0.01

  @Option(help: "Connections to the server.")
  var connections = 4

  @Option(help: "Decides the truth and the users; the same seed is the same world.")
  var seed: UInt64 = 1

  @Option(help: "Share of the users for whom all ads are looked at, to tell the regret.")
  var oracleShare = 0.05

  @Option(help: ArgumentHelp("Faults, when and where, as YAML.", valueName: "file"))
  var faults: String?

  @Option(help: ArgumentHelp("Write down what went wrong in truth, as JSON.", valueName: "file"))
  var key: String?

  @Option(help: ArgumentHelp("Write a page with plots.", valueName: "file"))
  var html: String?

  func validate() throws {
    guard viewsPerDay > 0, viewsPerDay.isFinite, (1...100_000_000).contains(users), growth > -1, growth.isFinite,
      (1...256).contains(connections), (0...1).contains(oracleShare)
    else {
      throw ValidationError(
        "--views-per-day and --users must be positive, --growth above -1, --connections between 1 and 256, "
          + "--oracle-share between 0 and 1")
    }
  }

  func run() throws {
    let servers = try (0..<connections).map { _ in try AdLoopClient(url: url) }
    try servers[0].checkReadiness()
    let range = try period.range(servers[0].clock())
    var plan = TrafficPlan(start: range.lowerBound, end: range.upperBound)
    plan.viewsPerDay = viewsPerDay
    plan.userCount = users
    plan.growthPerWeek = growth
    plan.speed = period.speed > 0 ? period.speed : nil
    plan.oracleShare = oracleShare
    plan.faults = try schedule(range)
    let world = World(seed: seed, catalog: try ads(), start: range.lowerBound)
    let token = ProcessInfo.processInfo.environment["ADLOOP_ADMIN_TOKEN"]
    let control = try token.map { FaultControl(client: try AdLoopClient(url: url, adminToken: $0), world: world) }
    let run = SimulationRun(world: world, plan: plan, seed: seed, servers: servers, control: control)
    var line = SimulationLine(isShown: !output.json)
    let report = try run.play { line.show($0) }
    line.finish()
    try write(report)
    try output.show(report, text: SimulationTable.text(report))
    output.hint(SimulationTable.hint(url: url, dataDir: system.dataDir))
  }

  private func schedule(_ range: Range<Milliseconds>) throws -> FaultSchedule {
    guard let faults else { return FaultSchedule() }
    let text: String
    do { text = try String(contentsOf: URL(fileURLWithPath: faults), encoding: .utf8) } catch {
      throw CommandError("\(faults) can't be read: \(error.localizedDescription)")
    }
    do { return try FaultSchedule(yaml: text, start: range.lowerBound, end: range.upperBound) } catch {
      throw CommandError("\(faults): \(error)")
    }
  }

  private func ads() throws -> CatalogSnapshot {
    let snapshot: CatalogSnapshot
    if let catalog {
      snapshot = try CatalogImporter.importFile(URL(fileURLWithPath: catalog)).snapshot
    } else {
      snapshot = try system.catalog().merged()
    }
    guard snapshot.count > 0 else {
      throw CommandError("the catalog has no ads; name the server's with --catalog FILE")
    }
    return snapshot
  }

  private func write(_ report: SimulationReport) throws {
    if let html { try Data(report.html.utf8).write(to: URL(fileURLWithPath: html), options: .atomic) }
    guard let key else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    try encoder.encode(report.key).write(to: URL(fileURLWithPath: key), options: .atomic)
  }
}
