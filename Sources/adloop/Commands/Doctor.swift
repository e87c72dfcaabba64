import AdServer
import ArgumentParser
import Foundation

/// `adloop doctor`: whether inputs and outputs are what they are defined to be.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check inputs and outputs: files, clock, disk, schema, model, answers, tokens, join; and say what to do.",
    discussion: "Exit code 1 when something fails. It only reads, so it may run beside a server.")

  @OptionGroup var system: SystemOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let checkup = Checkup(try system.caughtUp())
    try output.show(checkup, text: Self.text(checkup))
    guard checkup.isHealthy else { throw ExitCode.failure }
    output.hint("\nnext: adloop probe sends one event through a running server")
  }

  private static func text(_ checkup: Checkup) -> String {
    var table = TextTable(["check", "status", "found"])
    for finding in checkup.findings { table.add([finding.name, finding.status.rawValue, finding.detail]) }
    let remedies = checkup.findings.compactMap { finding in finding.remedy.map { "\(finding.name): \($0)" } }
    return ([table.text] + (remedies.isEmpty ? [] : ["\nwhat to do:"] + remedies)).joined(separator: "\n")
  }
}
