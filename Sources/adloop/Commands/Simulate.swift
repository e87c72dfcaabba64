import AdServer
import ArgumentParser
import Catalog
import Foundation
import Simulation

/// `adloop simulate`: visitors with a known truth, against a running server.
struct Simulate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Play visitors whose true interests are known against a running server.",
    discussion: """
      The visitors use /rank and /log as a website does, and know the ads from the catalog in the data directory. Compare \
      predicted with true clicks, and watch CTR and revenue rise as the model learns.
      """)

  @OptionGroup var system: SystemOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "Address of the server.")
  var url = "http://127.0.0.1:8080"

  @Option(help: "Page views to play.")
  var requests = 10_000

  @Option(help: "Visitors that come back.")
  var users = 2_000

  @Option(help: "Page views at the same time.")
  var connections = 8

  @Option(help: "Decides the truth and the visitors; the same seed is the same world.")
  var seed: UInt64 = 1

  func validate() throws {
    guard requests > 0, users > 0, (1...1000).contains(connections) else {
      throw ValidationError("--requests and --users must be positive, --connections between 1 and 1000")
    }
  }

  func run() async throws {
    guard let base = URL(string: url), base.scheme != nil else { throw ValidationError("--url \(url) is no address") }
    let traffic = TrafficRun(
      world: World(seed: seed), client: AdLoopClient(base: base, connectionCountMax: connections),
      catalog: try CatalogFile.open(system.directory().catalog),
      configuration: .init(requestCount: requests, userCount: users, connectionCount: connections, seed: seed))
    var bar = ProgressBar("simulate")
    let report = try await traffic.play { done, _ in bar.update(done, of: requests) }
    bar.finish()
    try output.show(report, text: Self.table(report))
    output.hint("next: adloop experiment report, or curl \(url)/metrics")
  }

  private static func table(_ report: TrafficReport) -> String {
    var table = TextTable(["measure", "value"])
    table.add(["page views", String(report.requests)])
    table.add(["impressions", String(report.impressions)])
    table.add(["clicks", String(report.clicks)])
    table.add(["CTR", report.ctr?.formatted(decimals: 5) ?? "–"])
    table.add(["revenue", report.revenue.formatted(decimals: 2)])
    table.add(["revenue / 1000 page views", report.revenuePerMille?.formatted(decimals: 2) ?? "–"])
    table.add(["predicted / true clicks", report.calibration?.formatted(decimals: 3) ?? "–"])
    return table.text
  }
}
