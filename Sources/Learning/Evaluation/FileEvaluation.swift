import Foundation
import Ranking

/// Scores every row of a history file with a model.
public struct FileEvaluation: Sendable {
  /// The scored rows, in the order of the file.
  public let examples: ScoredExamples
  /// Lines that couldn't be scored, the first of them, and their number.
  public let rejected: [RejectedLine]
  public let rejectedCount: Int

  /// Quality of the predictions.
  public var report: EvaluationReport {
    EvaluationReport(labels: examples.labels, predictions: examples.predictions)
  }

  /// Scores the rows of `file` in its order and, when asked to, writes them to `predictions` as CSV `label,prediction`.
  ///
  /// - parameter other: a second model that scores the same rows.
  /// - parameter fields: what to tell the rows apart by; any column of the file too.
  /// - parameter progress: told the rows read so far and, where it is known, the share of the file.
  /// - throws: ``LearningError`` when a file can't be read or written, or no row can be scored.
  public init(
    _ file: URL, mapping: HistoryMapping, model: Model, other: Model? = nil, fields: [SliceField] = [],
    predictions: URL? = nil, progress: (_ rowCount: Int, _ share: Double?) -> Void = { _, _ in }
  ) throws(LearningError) {
    let reader = try HistoryReader(file, mapping: mapping)
    var examples = ScoredExamples(fields: fields)
    var history = HistoryReport()
    while let next = try reader.nextRow() {
      switch next {
      case .success(let (row, record)):
        let score = { (model: Model) in
          model.probability(context: record.context, attributes: record.attributes, slot: record.slot)
        }
        let scored = ScoredExamples.Row(
          label: record.clicked, prediction: score(model), other: other.map(score), user: record.user)
        examples.add(scored) { record.value($0) ?? row[$0] }
      case .failure(let line): history.add(line)
      }
      if reader.rowCount % 10_000 == 0 { progress(reader.rowCount, reader.fraction) }
    }
    guard examples.count > 0 else {
      throw LearningError(.noExamples, "\(file.path) has no row that can be scored; check the mapping")
    }
    if let predictions { try Self.write(examples, to: predictions) }
    progress(reader.rowCount, 1)
    self.examples = examples
    rejected = history.rejected
    rejectedCount = history.rejectedCount
  }

  private static func write(_ examples: ScoredExamples, to file: URL) throws(LearningError) {
    var text = "label,prediction\n"
    for (label, score) in zip(examples.labels, examples.predictions) { text += label ? "1,\(score)\n" : "0,\(score)\n" }
    do { try Data(text.utf8).write(to: file, options: .atomic) } catch {
      throw LearningError(.inaccessibleFile, "\(file.path): can't be written (\(error.localizedDescription))")
    }
  }
}

extension HistoryRecord {
  /// The record's value of a name to slice by.
  fileprivate func value(_ name: String) -> String? {
    if let value = context[name] ?? attributes[name] { return value }
    return name == "ad" ? ad : ScoredExamples.derived(name, time: time, slot: slot)
  }
}
