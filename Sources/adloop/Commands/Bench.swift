import AdServer
import ArgumentParser
import Catalog
import Foundation
import Learning
import Ranking
import Simulation
import Statistics

/// `adloop bench`: how fast this machine is.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure this machine.", subcommands: [RankBench.self, LogBench.self])

  struct RankBench: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rank",
      abstract: "Processor time of a decision with the live model, checked against the reference ranker.")

    @OptionGroup var system: SystemOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Requests with random contexts.")
    var requests = 2_000

    @Option(help: "Requests whose answers are compared with the reference ranker's.")
    var checked = 5

    @Option(help: "Decides the contexts.")
    var seed: UInt64 = 1

    func run() throws {
      let opened = try system.caughtUp()
      let plan = Plan(model: try opened.registry.model("current"), catalog: try opened.openCatalog().merged())
      let queries = World.contexts(count: requests, seed: seed).map { RankRequest(context: $0) }
      let result = PlanBenchmark(plan, requests: queries, checkedCount: checked)
      try output.show(result, text: Self.table(result))
      guard result.differentCount == 0 else { throw ExitCode.failure }
    }

    private static func table(_ result: PlanBenchmark) -> String {
      var table = TextTable(["scan", "p50 µs", "p99 µs", "ads looked at"])
      for (name, scan) in [("full", result.full), ("pruned", result.pruned)] {
        table.add([
          name, scan.p50Microseconds.formatted(decimals: 1), scan.p99Microseconds.formatted(decimals: 1),
          scan.scannedMean.formatted(decimals: 0),
        ])
      }
      let head = "\(result.adCount) ads, \(result.weightCount) weights, \(result.simd), \(result.requestCount) requests"
      return "\(head)\n\(table.text)\n\(result.differentCount) of \(result.checkedCount) checked answers differ"
    }
  }
}
