import AdServer
import ArgumentParser
import Foundation
import HTTPServer

/// `adloop rank`: an answer of /rank without a server.
struct Rank: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Answer one request as /rank does, without a server; prints JSON.")

  @OptionGroup var system: SystemOptions

  @Option(help: "Who looks at the page.")
  var user = ""

  @Option(help: "Context as field=value; repeatable.")
  var context: [String] = []

  @Option(help: "Ads wanted.")
  var slots: Int?

  @Option(help: "Id of an ad that must not be shown; repeatable.")
  var exclude: [String] = []

  @Flag(help: "Explain each score.")
  var explain = false

  @Option(help: "Id of an ad of which the answer says why it is served, or why not; repeatable.")
  var explainAd: [String] = []

  @Option(help: "An arm to force, as experiment=arm, to check it; not counted; repeatable.")
  var arm: [String] = []

  @Flag(help: "Only try: events of the tokens never count.")
  var dryRun = false

  @Flag(help: "Accepted for symmetry; the answer is JSON in any case.")
  var json = false

  func run() throws {
    let opened = try system.caughtUp()
    var query = RankQuery(user: user, context: try ContextArguments.parse(context))
    query.slots = slots
    query.excluded = exclude
    query.explain = explain
    query.explainedAds = explainAd
    query.isDryRun = dryRun
    for arm in arm {
      let parts = arm.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw ValidationError("--arm must be experiment=arm, but is '\(arm)'") }
      query.forcedArms[parts[0]] = parts[1]
    }
    do {
      FileHandle.standardOutput.write(Data(try opened.rank(query).json + [UInt8(ascii: "\n")]))
    } catch let problem as Problem {
      throw ValidationError(problem.detail)
    }
  }
}
