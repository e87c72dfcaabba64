import AdServer
import ArgumentParser
import Monitoring

/// `adloop alerts`: what is out of the ordinary.
struct AlertsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alerts", abstract: "Show the alerts that are pending or firing, and what changed before.",
    discussion: """
      A running server compares its traffic with the same time in past weeks every 5 minutes: requests, fill, impressions, \
      CTR, price, revenue, clicks without an impression, events that never count, and the drift of distributions. What is \
      out of the ordinary is pending, fires when it lasts, and is resolved when it is over.

      Exit code 0 whether or not there are any ("active" in --json tells).

      Example: adloop alerts --changes 20
      """)

  @OptionGroup var system: SystemOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "How many of the latest changes to show.")
  var changes = 10

  func validate() throws {
    guard (0...AlertHistory.changeCountMax).contains(changes) else {
      throw ValidationError("--changes takes 0 to \(AlertHistory.changeCountMax)")
    }
  }

  func run() throws {
    let report = try AlertHistory(system.caughtUp()).report(changeCount: changes)
    try output.show(report, text: text(report))
    output.hint(report.active.isEmpty ? "All is as usual." : "Why: adloop diagnose --last 1h.")
  }

  private func text(_ report: AlertHistory.Report) -> String {
    [("Active", report.active), ("Changes", report.changes)].compactMap { title, entries in
      guard !entries.isEmpty else { return nil }
      var table = TextTable(["state", "alert", "since", "changed", "reason"])
      for entry in entries { table.add([entry.state.rawValue, entry.name, entry.since, entry.time, entry.reason]) }
      return "\(title)\n\(table.text)\n"
    }.joined(separator: "\n")
  }
}
