import AdServer
import ArgumentParser
import Foundation
import Learning
import Monitoring

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
    let clock = ContinuousClock()
    let start = clock.now
    var bar = ProgressBar("import")
    let report = try HistoryImporter(mapping: mapping, log: opened.log).run(URL(fileURLWithPath: file)) { rows, share in
      bar.update(rows, share: share)
    }
    bar.finish()
    var join = ProgressBar("join")
    try opened.catchUp { joined, all in join.update(joined, of: all) }
    join.finish()
    let outcome = Outcome(report: report, seconds: (clock.now - start) / .seconds(1))
    for line in report.rejected.prefix(20) where !output.json {
      FileHandle.standardError.write(Data("\(line)\n".utf8))
    }
    try output.show(outcome, text: outcome.text)
    output.hint("next: adloop train")
  }
}

/// What an import did, and what it took.
private struct Outcome: Encodable {
  let report: HistoryReport
  /// Until all rows were joined.
  let seconds: Double

  private var rowsPerSecond: Double { Double(report.rowCount) / max(seconds, 1e-9) }
  private let peakMemoryBytes = ProcessStatistics.peakResidentMemoryBytes()

  var text: String {
    let memory = peakMemoryBytes.map { ", in at most \($0 / 1_000_000) MB of memory" } ?? ""
    return """
      \(report.storedCount) rows taken with \(report.clickCount) clicks, \(report.duplicateCount) were there before, \
      \(report.rejectedCount) rejected
      imported and joined in \(seconds.formatted(decimals: 1)) s: \(Int(rowsPerSecond)) rows a second\(memory)
      """
  }

  private enum CodingKeys: CodingKey {
    case seconds, rowsPerSecond, peakMemoryBytes
  }

  func encode(to encoder: any Encoder) throws {
    try report.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(seconds, forKey: .seconds)
    try container.encode(rowsPerSecond, forKey: .rowsPerSecond)
    try container.encode(peakMemoryBytes, forKey: .peakMemoryBytes)
  }
}
