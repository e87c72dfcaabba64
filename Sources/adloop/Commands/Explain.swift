import AdServer
import ArgumentParser
import Foundation
import HTTPServer

/// `adloop explain`: why an ad is served for a request, or why not.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say why an ad is served for a request, or why not, feature by feature.")

  @OptionGroup var system: SystemOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "Id of the ad.")
  var ad: String

  @Option(help: "Who looks at the page: for frequency caps and experiments.")
  var user = ""

  @Option(help: "Context as field=value; repeatable.")
  var context: [String] = []

  @Option(help: "Id of an ad that must not be shown; repeatable.")
  var exclude: [String] = []

  @Option(help: "Ads of the decision.")
  var slots: Int?

  func run() throws {
    var query = RankQuery(user: user, context: try ContextArguments.parse(context))
    query.excluded = exclude
    query.slots = slots
    let explanation: AdReport
    do { explanation = try system.caughtUp().explain(ad, query: query) } catch let problem as Problem {
      throw ValidationError(problem.detail)
    }
    guard explanation.isKnown else {
      throw CommandError(
        "the catalog in \(system.dataDir) has no ad '\(ad)'; 'adloop catalog export' lists all, one a line")
    }
    try output.show(explanation, text: Self.text(explanation))
  }

  private static func text(_ explanation: AdReport) -> String {
    let head = "\(explanation.ad) by model \(explanation.model): \(explanation.reason)"
    guard let sum = explanation.explanation else { return head }
    let values = [("bid", explanation.bid), ("CTR at slot 1", explanation.ctr), ("score", explanation.score)]
    let numbers = values.map { "\($0) \(($1 ?? 0).formatted(decimals: 6))" }.joined(separator: ", ")
    var table = TextTable(["feature", "adds to the logit"])
    table.add(["bias", sum.bias.formatted(decimals: 4)])
    for feature in sum.features { table.add([feature.name, feature.weight.formatted(decimals: 4)]) }
    if sum.slot != 0 { table.add(["slot=1", sum.slot.formatted(decimals: 4)]) }
    table.add(["sum", sum.logit.formatted(decimals: 4)])
    return "\(head)\n\(numbers)\n\n\(table.text)"
  }
}
