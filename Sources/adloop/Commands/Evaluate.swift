import AdServer
import ArgumentParser
import Foundation
import Learning
import Ranking

/// `adloop evaluate`: how good a model's predictions are.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a model on a file, or on the examples that its training held out.")

  @OptionGroup var system: SystemOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "Rows to score, in their order; without it the hold-out of the training counts.")
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
    let opened = try system.system()
    try opened.catchUp()
    guard let file, let mapping else { return try showHoldOut(opened) }
    var bar = ProgressBar("evaluate")
    let evaluation = try FileEvaluation(
      URL(fileURLWithPath: file), mapping: HistoryMapping(contentsOf: URL(fileURLWithPath: mapping)),
      model: opened.registry.model(model), predictions: predictions.map { URL(fileURLWithPath: $0) }
    ) { rows, share in bar.update(rows, share: share) }
    bar.finish()
    if evaluation.rejectedCount > 0, !output.json {
      FileHandle.standardError.write(Data("\(evaluation.rejectedCount) rows could not be scored\n".utf8))
    }
    try show(evaluation.report)
  }

  private func showHoldOut(_ system: AdSystem) throws {
    let record = try system.registry.record(model)
    guard let report = record.metrics else {
      throw ValidationError("the model \(record.id) has no hold-out: name a file, or run adloop train")
    }
    try show(report)
  }

  private func show(_ report: EvaluationReport) throws {
    var table = TextTable(["measure", model])
    for (name, value) in QualityTable.measures { table.add([name, value(report)]) }
    try output.show(report, text: table.text)
  }
}
