import AdServer
import ArgumentParser
import Events
import Foundation

/// `adloop replay`: a past decision made again.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Make a past decision again from its token; say what differs, and why.",
    discussion: """
      Exit code 1 when something differs. Catalog, spending and settings are those of the data directory: to replay as of \
      another time, name a backup of that time with --data-dir.
      """)

  @OptionGroup var system: SystemOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "Token of an ad, from an answer of /rank.")
  var token: String

  @Option(help: "Ads that the request asked for, if it said so.")
  var slots: Int?

  @Option(help: "Id of an ad that the request excluded; repeatable.")
  var exclude: [String] = []

  func run() throws {
    let replay: Replay
    do { replay = try system.caughtUp().replay(token, slots: slots, excluded: exclude) } catch let error as TokenError {
      throw CommandError(
        "the token can't be opened: \(error); it must be one of the system in \(system.dataDir)")
    }
    try output.show(replay, text: Self.text(replay))
    guard replay.isEqual else { throw ExitCode.failure }
  }

  private static func text(_ replay: Replay) -> String {
    var table = TextTable(["value", "then", "now", ""])
    for value in replay.values {
      table.add([value.name, value.then, value.now ?? "–", value.isEqual ? "equal" : "differs"])
    }
    let verdict =
      replay.isEqual
      ? "bit-equal: the same decision comes out" : replay.causes.map { "- \($0)" }.joined(separator: "\n")
    return "decision \(replay.decision), slot \(replay.slot)\n\n\(table.text)\n\(verdict)"
  }
}
