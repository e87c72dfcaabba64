import Events
import GRDB
import Ranking

/// The quality of a model on examples of the store.
public struct StoreEvaluation: Sendable {
  /// Quality of the model's predictions.
  public let report: EvaluationReport
  /// Whether the model has learnt these examples: then it looks better than it is.
  public let wasLearnt: Bool
  /// The examples scored, by id.
  public let window: DataWindow
  /// What the model's training measured on examples held out from a twin; `nil` when it didn't.
  public let heldOut: EvaluationReport?

  /// Share of the examples that is scored when the model has learnt all of them: the latest.
  public static let latestShare = 0.1

  /// Scores what came after the examples that the model learnt or, when that is nothing, the latest that it did learn.
  ///
  /// - parameter lineage: what the registry knows of the model's origin; `nil` when it came from elsewhere.
  /// - throws: ``LearningError/Code/noExamples`` when there is nothing to score; an error of the store.
  public init(store: Store, model: Model, lineage: Lineage?) throws {
    let last = try store.lastExample()
    let learnt = lineage?.window?.lastExample ?? 0
    wasLearnt = learnt >= last
    heldOut = lineage?.holdOut
    let first = wasLearnt ? last - Int64((Double(last) * Self.latestShare).rounded(.up)) : learnt
    var labels: [Bool] = []
    var predictions: [Double] = []
    var window: DataWindow?
    try store.forEachExample(after: first, through: last, traffic: [.live, .history]) { example in
      labels.append(example.label)
      predictions.append(example.probability(model))
      window.add(example: example.id, time: example.time, label: example.label)
    }
    guard let window else {
      throw LearningError(
        .noExamples, "the store has no examples with a known label; import history or wait for the join, then evaluate")
    }
    self.window = window
    report = EvaluationReport(labels: labels, predictions: predictions)
  }
}

extension Store {
  /// Id of the newest closed example, 0 when there is none.
  public func lastExample() throws -> Int64 {
    try reader.read { try Int64.fetchOne($0, sql: "SELECT max(id) FROM example") } ?? 0
  }
}
