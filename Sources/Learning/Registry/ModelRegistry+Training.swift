import Events
import Ranking

extension ModelRegistry {
  /// Registers what a training gave, has the gate judge it, and lets it serve when the gate agrees.
  ///
  /// The gate looks at the number of examples, at calibration on the held-out ones, and at the file as it reads back.
  ///
  /// - parameter who: who started the training.
  /// - returns: the model's record afterwards, and what the gate said.
  public func deploy(
    _ outcome: TrainingRun.Outcome, gate: Gate = Gate(), who: String
  ) throws -> (record: ModelRecord, verdict: Gate.Verdict) {
    let id = outcome.model.id
    try register(outcome.model, metrics: outcome.lineage.holdOut)
    let goldens = try latestExamples(count: Self.goldenCount)
    let verdict = gate.judge(
      GateEvidence(
        candidate: outcome.model, reloaded: try? model(id), health: nil,
        exampleCount: outcome.lineage.window?.exampleCount ?? 0, mustCompare: false, comparison: PairedComparison(),
        recentClickCount: outcome.lineage.holdOut?.clickCount ?? 0,
        calibrationRatio: outcome.lineage.holdOut?.calibrationRatio, goldens: goldens))
    if verdict.isAccepted {
      try promote(id, reason: verdict.reason, who: who)
    } else {
      try annotate(id, reason: verdict.reason)
    }
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
