import AdServer
import ArgumentParser
import Foundation
import Monitoring

/// `adloop diagnose`: why the money dropped.
struct Diagnose: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say why revenue dropped: infrastructure or quality, where, which factor, since when.",
    discussion: """
      Compares a window with the same hours one, two and three weeks before, or, with --cases, every case of a folder \
      (cases.json and CSV tables).
      """)

  @OptionGroup var system: SystemOptions
  @OptionGroup var output: OutputOptions

  @Option(help: ArgumentHelp("How many full hours back from now the window reaches.", valueName: "hours, such as 3h"))
  var last = "1h"

  @Option(help: ArgumentHelp("Diagnose the cases of a folder instead of this system.", valueName: "dir"))
  var cases: String?

  @Option(help: ArgumentHelp("Where the answers to the cases go.", valueName: "file"))
  var answers: String?

  func validate() throws {
    guard lastHours != nil else { throw ValidationError("--last takes whole hours, such as 3h") }
    if (cases == nil) != (answers == nil) { throw ValidationError("--cases and --answers go together") }
  }

  func run() throws {
    if let cases, let answers {
      return try answer(cases: URL(fileURLWithPath: cases), to: URL(fileURLWithPath: answers))
    }
    let report = try RevenueHistory(system.caughtUp()).diagnosis(lastHours: lastHours ?? 1)
    try output.show(report, text: report.plainText)
  }

  private var lastHours: Int? {
    guard last.hasSuffix("h"), let hours = Int(last.dropLast()), hours > 0 else { return nil }
    return hours
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
