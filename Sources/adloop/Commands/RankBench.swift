import AdServer
import ArgumentParser
import Catalog
import Foundation
import Learning
import Ranking
import Simulation

/// `adloop bench rank`: how long decisions take.
struct RankBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rank",
    abstract: "Processor time of a decision, of full and pruned scans, checked against the reference ranker.",
    discussion:
      "Measures the live model over the system's own ads, and made-up models over made-up catalogs, one thread.")

  @OptionGroup var system: SystemOptions
  @OptionGroup var output: OutputOptions

  @Option(
    parsing: .upToNextOption,
    help: "Models: live is the system's own; the others are made up, for catalogs of each size.")
  var shapes = RankShape.allCases

  @Option(parsing: .upToNextOption, help: "Sizes of the made-up catalogs, in ads.")
  var ads = [100_000, 1_000_000]

  @Option(help: "Requests with random contexts.")
  var requests = 2_000

  @Option(help: "Requests of each measurement whose answers are compared with the reference ranker's.")
  var checked = 5

  @Option(help: "Decides contexts, models and catalogs.")
  var seed: UInt64 = 1

  func validate() throws {
    guard ads.allSatisfy((1...CatalogBuilder.Limits.adCountMax).contains) else {
      throw ValidationError("--ads must lie between 1 and \(CatalogBuilder.Limits.adCountMax)")
    }
    guard requests > 0, checked >= 0 else {
      throw ValidationError("--requests must be above 0, and --checked not below 0")
    }
  }

  func run() throws {
    let simd = try SIMDLevel.chosen(by: ProcessInfo.processInfo.environment)
    let contexts = World.contexts(count: requests, seed: seed)
    var results: [PlanBenchmark] = []
    if let plan = try livePlan(simd) { results.append(measure(.live, plan, contexts)) }
    let (schema, madeUp) = (try system.schema(), shapes.filter { $0 != .live })
    var bar = ProgressBar("measure")
    for adCount in madeUp.isEmpty ? [] : ads {
      let catalog = try CatalogGenerator.snapshot(adCount: adCount, seed: seed)
      for shape in madeUp {
        let model = try shape.model(schema, catalog, contexts: contexts, seed: seed)
        results.append(measure(shape, Plan(model: model, catalog: catalog, simd: simd), contexts))
        bar.update(results.count, of: ads.count * madeUp.count + (shapes.contains(.live) ? 1 : 0))
      }
    }
    bar.finish()
    try output.show(Answer(simd: simd.rawValue, results: results), text: Self.table(results, simd))
    guard results.allSatisfy({ $0.differentCount == 0 }) else { throw ExitCode.failure }
  }

  private struct Answer: Encodable {
    let simd: String
    let results: [PlanBenchmark]
  }

  /// The plan that serves; `nil` when it isn't asked for, or there are no ads and other plans are asked for.
  private func livePlan(_ simd: SIMDLevel) throws -> Plan? {
    guard shapes.contains(.live) else { return nil }
    if shapes.count > 1, try system.directory().catalog.open().count == 0 { return nil }
    let catalog = try system.catalog().merged()
    return Plan(model: try system.caughtUp().registry.model("current"), catalog: catalog, simd: simd)
  }

  private func measure(_ shape: RankShape, _ plan: Plan, _ contexts: [[String: String]]) -> PlanBenchmark {
    PlanBenchmark(
      shape.rawValue, plan, requests: contexts.map { RankRequest(context: $0) }, checkedCount: checked)
  }

  private static func table(_ results: [PlanBenchmark], _ simd: SIMDLevel) -> String {
    var table = TextTable(["model", "ads", "weights", "scan", "p50 µs", "p99 µs", "ads looked at", "differ"])
    for result in results {
      for (name, scan) in [("full", result.full), ("pruned", result.pruned)] {
        table.add([
          result.shape, "\(result.adCount)", "\(result.weightCount)", name, scan.p50Microseconds.formatted(decimals: 1),
          scan.p99Microseconds.formatted(decimals: 1), scan.scannedMean.formatted(decimals: 0),
          "\(result.differentCount) of \(result.checkedCount)",
        ])
      }
    }
    return "\(simd.rawValue), one thread, \(results.first?.requestCount ?? 0) requests each\n\(table.text)"
  }
}
