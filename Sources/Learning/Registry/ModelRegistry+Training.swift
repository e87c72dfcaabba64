import Events
import Ranking

extension ModelRegistry {
  /// Registers what a training gave, has the gate judge it, and lets it serve when the gate agrees.
  ///
  /// The gate looks at the number of examples, at those that are new since the last candidate, at the twin against the
  /// current model on held-out examples that are new to both, at the twin's calibration, and at the file as it reads back.
  ///
  /// - parameter health: of the join; `nil` when it isn't known.
  /// - parameter who: who started the training.
  /// - returns: the model's record afterwards, and what the gate said.
  public func deploy(
    _ outcome: TrainingRun.Outcome, gate: Gate = Gate(), health: JoinHealth? = nil, who: String
  ) throws -> (record: ModelRecord, verdict: Gate.Verdict) {
    let id = outcome.model.id
    try register(outcome.model, metrics: outcome.lineage.holdOut)
    let serving = try? current.map { (record: try record($0.model), model: try model($0.model)) }
    let review = try DataReviewer(store: store, schema: schema, limits: gate.configuration).review(
      from: latestReview, current: serving?.model, settledBefore: clock() - DataReviewer.settledAfter(health))
    let heldOut = Dictionary(outcome.heldOut.map { ($0.example, $0.probability) }) { $1 }
    let comparison = try FreshComparison(
      store: store, current: serving?.model, lineage: serving?.record.lineage, predictions: heldOut)
    let verdict = gate.judge(
      GateEvidence(
        candidate: outcome.model, reloaded: try? model(id), health: health,
        exampleCount: outcome.lineage.window?.exampleCount ?? 0,
        currentExampleCount: serving?.record.lineage?.exampleCount, review: review, mustCompare: false,
        comparison: comparison.result, recentClickCount: outcome.lineage.holdOut?.clickCount ?? 0,
        calibrationRatio: outcome.lineage.holdOut?.calibrationRatio,
        goldens: try latestExamples(count: Self.goldenCount)))
    try settle(id, verdict: verdict, review: review, who: who)
    return (try record(id), verdict)
  }

  /// Examples whose predictions must survive a trained model's file unchanged.
  private static let goldenCount = 64

  private func latestExamples(count: Int) throws -> [Example] {
    var examples: [Example] = []
    try store.forEachExample(after: store.lastExample() - Int64(count), traffic: [.live, .history]) {
      examples.append($0)
    }
    return examples
  }
}
