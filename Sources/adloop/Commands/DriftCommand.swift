import AdServer
import ArgumentParser
import Foundation
import Monitoring

/// `adloop drift`: which distributions have moved.
struct DriftCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drift", abstract: "Say which context fields, ad attributes and predictions have drifted.",
    discussion: """
      Compares a window with the same hours last week, or with the time just before when last week has too few \
      impressions: what was requested, shown and clicked, by effect size (population stability index, Jensen-Shannon \
      divergence). Limits are learnt from earlier windows of the same data, so what always varies isn't called drift; with \
      too few observations nothing is said.

      Exit code 0 whether or not something has drifted ("is_drifted" in --json tells).

      Example: adloop drift --last 3h --all
      """)

  @OptionGroup var system: SystemOptions
  @OptionGroup var period: WindowOptions
  @OptionGroup var output: OutputOptions

  @Flag(help: "Show also what has not drifted.")
  var all = false

  func run() throws {
    let report = try DriftHistory(system.caughtUp()).report(period.window(standard: "1h"))
    try output.show(report, text: text(report))
    output.hint(
      report.drifted.isEmpty
        ? "Every distribution: add --all." : "What it did to revenue: adloop diagnose with the same window.")
  }

  private func text(_ report: DriftReport) -> String {
    let rows = all ? report.rows : report.drifted
    guard !rows.isEmpty else { return report.story }
    var table = TextTable([
      "distribution", "verdict", "PSI", "limit", "JS bits", "limit", "before", "now", "largest move",
    ])
    for row in rows {
      let numbers = [row.psi, row.psiLimit, row.jensenShannon, row.jensenShannonLimit].map {
        $0?.formatted(decimals: 4) ?? "-"
      }
      table.add(
        [row.subject.words, row.verdict.rawValue.replacing("_", with: " ")] + numbers
          + ["\(row.referenceCount)", "\(row.currentCount)", row.words])
    }
    return report.story + "\n\n" + table.text
  }
}
