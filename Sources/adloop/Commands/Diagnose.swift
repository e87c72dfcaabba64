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
      before it, the last 6 and the last 24 hours are looked at.

      With --cases every case of a folder is diagnosed: cases.json names CSV tables with their windows and reference days, \
      and the answers go to --answers as JSON.

      Exit code 0 whether or not something is wrong ("anomaly" in --json tells); 1 when there is too little to compare.

      Example: adloop diagnose --from 2026-03-02T14 --to 2026-03-02T17 --html drop.html
      """)

  @OptionGroup var system: SystemOptions
  @OptionGroup var output: OutputOptions

  @Option(help: ArgumentHelp("How many full hours back from now the window reaches; 1h.", valueName: "3h or 1d"))
  var last: String?

  @Option(help: ArgumentHelp("First hour of the window, UTC.", valueName: "YYYY-MM-DDTHH"))
  var from: String?

  @Option(help: ArgumentHelp("First hour after the window, UTC.", valueName: "YYYY-MM-DDTHH"))
  var to: String?

  @Option(help: ArgumentHelp("Also write a page with plots.", valueName: "file"))
  var html: String?

  @Option(help: ArgumentHelp("Diagnose the cases of a folder instead of this system.", valueName: "dir"))
  var cases: String?

  @Option(help: ArgumentHelp("Where the answers to the cases go.", valueName: "file"))
  var answers: String?

  func validate() throws {
    if (cases == nil) != (answers == nil) { throw ValidationError("--cases and --answers go together") }
    if (from == nil) != (to == nil) { throw ValidationError("--from and --to go together") }
    if from != nil, last != nil { throw ValidationError("give either --last or --from and --to") }
    if cases != nil, from != nil || last != nil || html != nil {
      throw ValidationError("--cases brings its own windows, without --last, --from, --to and --html")
    }
    _ = try window(now: 0)
  }

  func run() throws {
    if let cases, let answers {
      return try answer(cases: URL(fileURLWithPath: cases), to: URL(fileURLWithPath: answers))
    }
    let opened = try system.caughtUp()
    let report = try RevenueHistory(opened).diagnosis(window(now: WallClock.now()))
    if let html {
      do { try Data(report.html.utf8).write(to: URL(fileURLWithPath: html), options: .atomic) } catch {
        throw CommandError("\(html): can't be written (\(error.localizedDescription))")
      }
    }
    try output.show(report, text: report.plainText)
    output.hint(html.map { "The page is in \($0)." } ?? "Plots: add --html FILE.")
  }

  private func window(now: Int64) throws -> DiagnosisWindow {
    if let from, let to {
      guard let start = UTCHour(from), let end = UTCHour(to) else {
        throw ValidationError("--from and --to take hours such as 2026-03-02T14, UTC")
      }
      guard let window = DiagnosisWindow(from: start, to: end) else {
        throw ValidationError("the window must last 1 to \(DiagnosisWindow.hourCountMax) hours, --from before --to")
      }
      return window
    }
    guard let hours = Self.hours(last ?? "1h"), let window = DiagnosisWindow(lastHours: hours, now: now) else {
      throw ValidationError(
        "--last takes 1 to \(DiagnosisWindow.hourCountMax) whole hours, such as 3h, or days, such as 1d")
    }
    return window
  }

  private static func hours(_ text: String) -> Int? {
    let units: [Character: Int] = ["h": 1, "d": 24]
    guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()), (0...1000).contains(count)
    else { return nil }
    return count * unit
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
