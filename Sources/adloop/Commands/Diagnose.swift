import AdServer
import ArgumentParser
import Foundation
import Learning
import Monitoring

/// `adloop diagnose`: why the money dropped.
struct Diagnose: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say why revenue dropped: infrastructure or quality, where, which factor, since when, what changed then.",
    discussion: """
      Compares a window with the same hours of the four weeks before (or, on a system younger than a week, of the days \
      before). With --last a drop that began before the window is found, too: when the window looks like the hours just \
      before it, the last 6 and the last 24 hours are looked at. Without a window it is --last 1h.

      With --cases every case of a folder is diagnosed: cases.json names CSV tables with their windows and reference days, \
      and the answers go to --answers as JSON.

      Exit code 0 whether or not something is wrong ("anomaly" in --json tells); 1 when there is too little to compare.

      Examples: adloop diagnose --last 15m
                adloop diagnose --from 2026-03-02T14 --to 2026-03-02T17:30 --html drop.html
      """)

  @OptionGroup var system: SystemOptions
  @OptionGroup var output: OutputOptions

  @OptionGroup var period: WindowOptions

  @Option(help: ArgumentHelp("Also write a page with plots.", valueName: "file"))
  var html: String?

  @Option(help: ArgumentHelp("Diagnose the cases of a folder instead of this system.", valueName: "dir"))
  var cases: String?

  @Option(help: ArgumentHelp("Where the answers to the cases go.", valueName: "file"))
  var answers: String?

  func validate() throws {
    if (cases == nil) != (answers == nil) { throw ValidationError("--cases and --answers go together") }
    if cases != nil, !period.isStandard || html != nil {
      throw ValidationError("--cases brings its own windows, without --last, --from, --to and --html")
    }
  }

  func run() throws {
    if let cases, let answers {
      return try answer(cases: URL(fileURLWithPath: cases), to: URL(fileURLWithPath: answers))
    }
    let opened = try system.caughtUp()
    let report = try RevenueHistory(opened).diagnosis(period.window(standard: "1h"))
    if let html {
      do { try Data(report.html.utf8).write(to: URL(fileURLWithPath: html), options: .atomic) } catch {
        throw CommandError("\(html): can't be written (\(error.localizedDescription))")
      }
    }
    try output.show(report, text: report.plainText)
    output.hint(html.map { "The page is in \($0)." } ?? "Plots: add --html FILE.")
  }

  private func answer(cases folder: URL, to file: URL) throws {
    let cases = try DiagnosisCases(directory: folder)
    var bar = ProgressBar("diagnose")
    let outcome = cases.run { bar.update($0, of: cases.count) }
    bar.finish()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    try encoder.encode(outcome.answers).write(to: file, options: .atomic)
    for problem in outcome.problems { FileHandle.standardError.write(Data("\(problem)\n".utf8)) }
    output.hint("\(outcome.reports.count) cases answered, \(outcome.problems.count) could not be read")
    guard outcome.problems.isEmpty else { throw ExitCode.failure }
  }
}
