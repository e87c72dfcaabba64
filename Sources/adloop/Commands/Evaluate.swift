import AdServer
import ArgumentParser
import Foundation
import Learning
import Ranking

/// `adloop evaluate`: how good a model's predictions are.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a model on a file, or on examples of the store that it hasn't learnt.",
    discussion: """
      Without a file the examples that came after the model's training are scored. When there are none, the hold-out of \
      its training counts, and without that the latest examples, which it knows. The answer says which.
      """)

  @OptionGroup var system: SystemOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "Rows to score, in their order; without it examples of the store.")
  var file: String?

  @Option(help: ArgumentHelp("Which column of the file is what.", valueName: "file"))
  var mapping: String?

  @Option(help: "Id of a model, or current.")
  var model = "current"

  @Option(help: ArgumentHelp("Also write label,prediction of each row.", valueName: "file"))
  var predictions: String?

  func validate() throws {
    if file != nil, mapping == nil { throw ValidationError("a file needs its mapping: --mapping FILE") }
    if file == nil, predictions != nil { throw ValidationError("--predictions needs a file to score") }
  }

  func run() throws {
    let opened = try system.caughtUp()
    guard let file, let mapping else { return try showStore(opened) }
    var bar = ProgressBar("evaluate")
    let evaluation = try FileEvaluation(
      URL(fileURLWithPath: file), mapping: HistoryMapping(contentsOf: URL(fileURLWithPath: mapping)),
      model: opened.registry.model(model), predictions: predictions.map { URL(fileURLWithPath: $0) }
    ) { rows, share in bar.update(rows, share: share) }
    bar.finish()
    if evaluation.rejectedCount > 0, !output.json {
      FileHandle.standardError.write(Data("\(evaluation.rejectedCount) rows could not be scored\n".utf8))
    }
    try show(ScoredReport(report: evaluation.report, model: try opened.registry.record(model).id, scored: .file))
  }

  private func showStore(_ system: AdSystem) throws {
    let record = try system.registry.record(model)
    let evaluation = try StoreEvaluation(
      store: system.store, model: system.registry.model(record.id), lineage: record.lineage)
    let known = evaluation.heldOut.map { ScoredReport(report: $0, model: record.id, scored: .heldOut) }
    let scored = ScoredReport(
      report: evaluation.report, model: record.id, scored: evaluation.wasLearnt ? .learnt : .newer)
    try show(evaluation.wasLearnt ? known ?? scored : scored)
  }

  private func show(_ scored: ScoredReport) throws {
    var table = TextTable(["measure", scored.model])
    for (name, value) in QualityTable.measures { table.add([name, value(scored.report)]) }
    try output.show(scored, text: "\(scored.scored.text)\n\n\(table.text)")
  }
}

/// A report, and which examples it is about; in JSON all are members of one object.
private struct ScoredReport: Encodable {
  let report: EvaluationReport
  /// The model's id.
  let model: String
  let scored: Scored

  enum Scored: String, Encodable {
    case file
    /// Of the store, closed after the model was trained.
    case newer
    /// Of the store, by a twin of the model that was trained on the others.
    case heldOut = "held_out"
    /// Of the store, the latest.
    case learnt

    var text: String {
      switch self {
      case .file: "on the rows of the file"
      case .newer: "on the examples that came after the model's training"
      case .heldOut: "on the examples held out when it was trained, by a twin that learnt the others"
      case .learnt: "on the latest examples, which the model has learnt: it looks better than it is"
      }
    }
  }

  private enum CodingKeys: CodingKey {
    case model, scored
  }

  func encode(to encoder: any Encoder) throws {
    try report.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(model, forKey: .model)
    try container.encode(scored, forKey: .scored)
  }
}
