import AdServer
import ArgumentParser
import Foundation
import Learning
import Ranking

/// `adloop evaluate`: how good a model's predictions are, and what a policy would have earned.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a model on a file or on the store, compare two, or ask what another policy would have earned.",
    discussion: """
      Without a file the examples that came after the model's training are scored. When there are none, what its training \
      measured on held-out examples or before it learnt each example counts, and without that the latest examples, which \
      it knows. The answer says which. `--model served` takes the predictions that were made when the ads were served.

      --by FIELD slices by a context field, an ad attribute, slot, hour, day, ad and, without a file, model, arm or an \
      experiment's name; with a file also by any of its columns. Crosses: --by device^category.

      --policy asks what another policy would have earned an impression, from the propensities in the log: replay, IPS, \
      SNIPS, direct method (dm), doubly robust (dr, self-normalised sndr), each with its 95 % interval, and whether the \
      log can tell at all ("usable"). POLICY is
        uniform   every ad as likely: the ads of the file, and of the file that the mapping joins;
        FILE      CSV or NDJSON with a column probability (without it every row is certain), a column for the ad (`ad`, or \
      the columns that the mapping makes it of) and columns that say when it applies (`slot` or any column of the log). \
      Example, for logs in the form of the Open Bandit Dataset: item_id,position,probability;
        MODEL     a model's id or current: the best ad by this model; without a file, over the catalog as /rank would \
      choose, for live traffic.
      With a file the reward model is (rewards of the ad + 100 · mean) / (its impressions + 100); without one it is --model.

      Example: adloop evaluate men_bts.csv.gz --mapping config/datasets/obd.mapping.yaml --policy uniform --clip 10
      """)

  @OptionGroup var system: SystemOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "Rows to score, in their order; without it examples of the store.")
  var file: String?

  @Option(help: ArgumentHelp("Which column of the file is what.", valueName: "file"))
  var mapping: String?

  @Option(help: "Id of a model, current, or served.")
  var model = "current"

  @Option(help: ArgumentHelp("Another model on the same examples.", valueName: "model"))
  var compare: String?

  @Option(help: ArgumentHelp("Slice by a field, or by several as a^b; repeatable.", valueName: "field"))
  var by: [String] = []

  @Option(help: ArgumentHelp("Also write label,prediction of each row.", valueName: "file"))
  var predictions: String?

  @Option(help: ArgumentHelp("Also write a page with tables and plots.", valueName: "file"))
  var html: String?

  @Option(help: "What would this policy have earned? uniform, a file, or a model.")
  var policy: String?

  @Option(help: ArgumentHelp("With --policy: also with weights of at most this; repeatable.", valueName: "limit"))
  var clip: [Double] = []

  @Option(help: "With --policy: click, for CTR, or revenue, for revenue an impression.")
  var reward = PolicyReward.click

  /// Value of ``model`` that means the predictions made when serving.
  static let served = "served"

  func validate() throws {
    if file != nil, mapping == nil { throw ValidationError("a file needs its mapping: --mapping FILE") }
    if file == nil, predictions != nil { throw ValidationError("--predictions needs a file to score") }
    if model == Self.served, file != nil || compare != nil || policy != nil {
      throw ValidationError("--model served is for the store, without --compare and --policy")
    }
    guard clip.allSatisfy({ $0.isFinite && $0 >= 0 }) else { throw ValidationError("--clip must be 0 or more") }
    if policy != nil, compare != nil || html != nil || predictions != nil || !by.isEmpty {
      throw ValidationError("--policy answers another question than --compare, --by, --html and --predictions")
    }
  }

  func run() throws {
    if let policy { return try showPolicy(policy) }
    let opened = try system.caughtUp()
    guard let file, let mapping else { return try showStore(opened) }
    var bar = ProgressBar("evaluate")
    let evaluation = try FileEvaluation(
      URL(fileURLWithPath: file), mapping: HistoryMapping(contentsOf: URL(fileURLWithPath: mapping)),
      model: opened.registry.model(model), other: compare.map { try opened.registry.model($0) },
      fields: by.map(SliceField.init), predictions: predictions.map { URL(fileURLWithPath: $0) }
    ) { rows, share in bar.update(rows, share: share) }
    bar.finish()
    reportRejected(evaluation.rejectedCount, evaluation.rejected)
    try show(
      EvaluationAnswer(
        evaluation: Evaluation(evaluation.examples), model: opened.registry.record(model).id,
        other: compare.map { try opened.registry.record($0).id }, scored: .file))
  }

  private func showStore(_ opened: AdSystem) throws {
    let fields = by.map(SliceField.init)
    if model == Self.served {
      let evaluation = try StoreEvaluation(served: opened.store, fields: fields)
      return try show(
        EvaluationAnswer(evaluation: Evaluation(evaluation.examples), model: Self.served, scored: .served))
    }
    let record = try opened.registry.record(model)
    let other = try compare.map { try opened.registry.record($0) }
    let evaluation = try StoreEvaluation(
      store: opened.store, subject: subject(record, opened), other: other.map { try subject($0, opened) },
      fields: fields)
    if evaluation.wasLearnt, by.isEmpty, compare == nil, html == nil, let known = KnownQuality(record) {
      return try output.show(known, text: known.text)
    }
    try show(
      EvaluationAnswer(
        evaluation: Evaluation(evaluation.examples), model: record.id, other: other?.id,
        scored: evaluation.wasLearnt ? .learnt : .newer))
  }

  private func subject(_ record: ModelRecord, _ opened: AdSystem) throws -> StoreEvaluation.Subject {
    StoreEvaluation.Subject(model: try opened.registry.model(record.id), lineage: record.lineage)
  }

  private func show(_ answer: EvaluationAnswer) throws {
    if let html {
      let page = answer.evaluation.html(model: answer.model, other: answer.other, subject: answer.scored.text)
      do { try Data(page.utf8).write(to: URL(fileURLWithPath: html), options: .atomic) } catch {
        throw CommandError("\(html): can't be written (\(error.localizedDescription))")
      }
    }
    try output.show(answer, text: answer.text)
    if let html { output.hint("\nthe page is in \(html)") }
  }

  /// Tells people about rows that were left out.
  func reportRejected(_ count: Int, _ rejected: [RejectedLine]) {
    guard count > 0 else { return }
    let first = rejected.first.map { "; the first: line \($0.line), \($0.reason)" } ?? ""
    FileHandle.standardError.write(Data("\(count) rows could not be used\(first)\n".utf8))
  }
}

extension PolicyReward: ExpressibleByArgument {}
