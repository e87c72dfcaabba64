import Foundation
import Ranking

/// Scores every row of a history file with a model.
public struct FileEvaluation: Sendable {
  /// Quality of the predictions.
  public let report: EvaluationReport
  /// Lines that couldn't be scored, the first of them, and their number.
  public let rejected: [RejectedLine]
  public let rejectedCount: Int

  /// Scores the rows of `file` in its order and, when asked to, writes them to `predictions` as CSV `label,prediction`.
  ///
  /// - parameter progress: told the rows read so far and, where it is known, the share of the file.
  /// - throws: ``LearningError`` when a file can't be read or written, or no row can be scored.
  public init(
    _ file: URL, mapping: HistoryMapping, model: Model, predictions: URL? = nil,
    progress: (_ rowCount: Int, _ share: Double?) -> Void = { _, _ in }
  ) throws(LearningError) {
    let reader = try HistoryReader(file, mapping: mapping)
    var labels: [Bool] = []
    var scores: [Double] = []
    var history = HistoryReport()
    while let row = try reader.next() {
      switch row {
      case .success(let record):
        labels.append(record.clicked)
        scores.append(
          model.probability(context: record.context, attributes: record.attributes, slot: record.slot))
      case .failure(let line): history.add(line)
      }
      if reader.rowCount % 10_000 == 0 { progress(reader.rowCount, reader.fraction) }
    }
    guard !labels.isEmpty else {
      throw LearningError(.noExamples, "\(file.path) has no row that can be scored; check the mapping")
    }
    if let predictions { try Self.write(labels, scores, to: predictions) }
    progress(reader.rowCount, 1)
    report = EvaluationReport(labels: labels, predictions: scores)
    rejected = history.rejected
    rejectedCount = history.rejectedCount
  }

  private static func write(_ labels: [Bool], _ scores: [Double], to file: URL) throws(LearningError) {
    var text = "label,prediction\n"
    for (label, score) in zip(labels, scores) { text += label ? "1,\(score)\n" : "0,\(score)\n" }
    do { try Data(text.utf8).write(to: file, options: .atomic) } catch {
      throw LearningError(.inaccessibleFile, "\(file.path): can't be written (\(error.localizedDescription))")
    }
  }
}
