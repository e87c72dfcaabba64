import AdServer
import ArgumentParser
import Foundation

/// `adloop explain`: why an ad is served for a request, or why not.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say why an ad is served for a request, or why not, feature by feature.")

  @OptionGroup var system: SystemOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "Id of the ad.")
  var ad: String

  @Option(help: "Context as field=value; repeatable.")
  var context: [String] = []

  @Option(help: "Id of an ad that must not be shown; repeatable.")
  var exclude: [String] = []

  func run() throws {
    var query = RankQuery(context: try ContextArguments.parse(context))
    query.excluded = exclude
    let explanation = try system.caughtUp().explain(ad, query: query)
    try output.show(explanation, text: Self.text(explanation))
  }

  private static func text(_ explanation: AdReport) -> String {
    let head = "\(explanation.ad) by model \(explanation.model): \(explanation.reason)"
    guard let score = explanation.score else { return head }
    var table = TextTable(["feature", "adds to the logit"])
    table.add(["bias", score.bias.formatted(decimals: 4)])
    for feature in score.features { table.add([feature.name, feature.weight.formatted(decimals: 4)]) }
    table.add(["sum", score.logit.formatted(decimals: 4)])
    return "\(head)\n\n\(table.text)"
  }
}
