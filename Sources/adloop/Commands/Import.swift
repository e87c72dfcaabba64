import AdServer
import ArgumentParser
import Foundation
import Learning

/// `adloop import`: history from elsewhere.
struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take impressions from elsewhere (CSV or NDJSON, gzip too) into the log, as examples to learn from.",
    discussion: """
      The mapping file says which column is what; config/datasets holds some. Importing a file twice changes nothing. \
      Lines that can't be used are reported with their number.
      """)

  @OptionGroup var system: SystemOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "The file.", completion: .file())
  var file: String

  @Option(help: ArgumentHelp("Which column is what.", valueName: "file"))
  var mapping: String

  func run() throws {
    let mapping = try HistoryMapping(contentsOf: URL(fileURLWithPath: mapping))
    let opened = try system.system()
    var bar = ProgressBar("import")
    let report = try HistoryImporter(mapping: mapping, log: opened.log).run(URL(fileURLWithPath: file)) { rows, share in
      bar.update(rows, share: share)
    }
    bar.finish()
    try opened.catchUp()
    for line in report.rejected.prefix(20) where !output.json {
      FileHandle.standardError.write(Data("\(line)\n".utf8))
    }
    try output.show(
      report,
      text: """
        \(report.storedCount) rows taken with \(report.clickCount) clicks, \(report.duplicateCount) were there before, \
        \(report.rejectedCount) rejected
        """)
    output.hint("next: adloop train")
  }
}
