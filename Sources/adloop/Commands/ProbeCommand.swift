import AdServer
import ArgumentParser
import Foundation
import Simulation

/// `adloop probe`: one marked byte through the whole system.
struct ProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe",
    abstract: "Send one marked request through a running server and time every hop.",
    discussion: """
      rank → token → impression → click → join → example → evaluation → metrics. The traffic is marked and never counts \
      as business. Exit code 1 names the hop that is broken.
      """)

  @OptionGroup var output: OutputOptions

  @Option(help: "Address of the server.")
  var url = "http://127.0.0.1:8080"

  @Option(help: "How long to wait for each hop.")
  var timeoutSeconds = 10.0

  @Option(help: "Context of the probe's request, as field=value; repeatable.")
  var context: [String] = []

  func run() throws {
    let client = try AdLoopClient(url: url, timeoutSeconds: timeoutSeconds)
    let report = Probe(client: client, timeoutSeconds: timeoutSeconds).run(context: try ContextArguments.parse(context))
    try output.show(report, text: Self.table(report))
    guard report.brokenHop == nil else { throw ExitCode.failure }
  }

  private static func table(_ report: ProbeReport) -> String {
    var table = TextTable(["hop", "milliseconds", "what"])
    for hop in report.hops {
      table.add([hop.name, hop.milliseconds.formatted(decimals: 1), hop.detail])
    }
    let verdict = report.brokenHop.map { "broken: \($0)" } ?? "the byte went through the whole system"
    return table.text + "\n" + verdict
  }
}
