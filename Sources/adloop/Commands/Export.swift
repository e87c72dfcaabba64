import AdServer
import ArgumentParser
import Catalog
import Events
import Features
import Foundation
import Learning

/// `adloop export`: examples for other programs.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write examples (impressions with their label) as NDJSON or CSV, gzip too, for Python and others.",
    discussion: """
      Columns: id, impression_id, decision, slot, time_ms, user, ad, model, objective, traffic, label (1 clicked, 0 not), \
      ctr (predicted when served), bid, price (currency units a click), propensity, experiments, context and attributes. In \
      CSV the last two are columns context.FIELD and attributes.FIELD for the fields of features.yaml. Rows come in \
      training order, so an export goes on after the last id with --after-id. Read it with \
      pandas.read_json(FILE, lines=True) or pandas.read_csv(FILE).
      """)

  @OptionGroup var system: SystemOptions
  @OptionGroup var output: OutputOptions

  @Argument(
    help: "File to write: .ndjson or .csv, with .gz to pack it; - for NDJSON on standard output.", completion: .file())
  var file: String

  @Option(help: ArgumentHelp("Only examples after this id.", valueName: "id"))
  var afterID: Int64 = 0

  @Option(help: "Which traffic: live, history, probe, dry_run; repeat it for several.")
  var traffic: [String] = ["live", "history"]

  func validate() throws {
    guard traffic.allSatisfy({ Traffic(rawValue: $0) != nil }) else {
      throw ValidationError("--traffic must be one of \(Traffic.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    guard format != nil else { throw ValidationError("\(file) must end in .ndjson, .csv, .ndjson.gz or .csv.gz") }
  }

  private var format: ExampleExport.Format? {
    if file == "-" { return .ndjson }
    let name = file.hasSuffix(".gz") ? String(file.dropLast(3)) : file
    return ExampleExport.Format.allCases.first { name.hasSuffix(".\($0.rawValue)") }
  }

  private struct Report: Encodable {
    let file: String
    let exampleCount: Int
    let lastId: Int64
  }

  func run() throws {
    let opened = try system.existing()
    try opened.catchUp()
    let schema = opened.schema
    let export = ExampleExport(
      opened.store, format: format ?? .ndjson, contextFields: schema.contextFields.map(\.name),
      attributeFields: schema.adFields.map(\.name))
    let kinds = traffic.compactMap(Traffic.init(rawValue:))
    let total = try export.count(after: afterID, traffic: kinds)
    var bar = ProgressBar("export")
    func write(to body: ([UInt8]) throws -> Void) throws -> (count: Int, last: Int64) {
      try export.run(after: afterID, traffic: kinds, progress: { bar.update($0, of: total) }, write: body)
    }
    if file == "-" {
      _ = try write { try FileHandle.standardOutput.write(contentsOf: $0 + [0x0A]) }
      return bar.finish()
    }
    let writer = try LineWriter(URL(fileURLWithPath: file))
    let done = try write { try writer.write($0) }
    try writer.finish()
    bar.finish()
    try output.show(
      Report(file: file, exampleCount: done.count, lastId: done.last),
      text: "\(file) holds \(done.count) examples, the last is \(done.last)")
    output.hint("to go on later: adloop export FILE --after-id \(done.last)")
  }
}
