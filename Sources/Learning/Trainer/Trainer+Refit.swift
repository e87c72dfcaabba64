import Events
import Foundation
import GRDB
import Logging
import Ranking

extension Trainer {
  /// Learns the examples that were closed since the last step; returns their number.
  func learnClosed(_ learner: inout OnlineLearner) throws -> Int {
    var learnt = 0
    try store.forEachExample(after: learner.cursor, traffic: Traffic.allCases) { example in
      if Self.isLearnt(example.traffic) {
        try learner.learn(example)
        learnt += 1
      } else if example.traffic == .probe {
        try evaluateProbe(example, in: &learner, table: "example")
      }
      learner.skip(to: example.id)
    }
    return learnt
  }

  /// Makes a candidate of all that is known by now, has it judged, and lets it serve.
  func refit(_ state: inout TrainerState, _ report: inout TrainerReport) throws {
    var learner = state.learner
    var lineage = Lineage(origin: .refit)
    lineage.window = learner.window
    var provisional = ProvisionalTail()
    let now = clock()
    let before = now - Milliseconds(configuration.provisionalAfterSeconds * 1000)
    try store.forEachProvisionalExample(after: 0, receivedBefore: before, traffic: [.live]) { example in
      let probability = try learner.learnProvisionally(example)
      provisional.add(example, probability: probability)
    }
    try store.forEachProvisionalExample(after: 0, receivedBefore: .max, traffic: [.probe]) { example in
      try evaluateProbe(example, in: &learner, table: "impression")
    }
    lineage.provisional = provisional.window
    report.provisionalCount = provisional.window?.exampleCount ?? 0
    guard isNews(lineage, than: state.lastCandidate) else { return }
    try judge(learner, lineage: lineage, provisional: provisional, created: now, report: &report)
    state.lastCandidate = lineage
  }

  /// Looks at what live predictions came to, and takes a model back that is far off.
  func watch(_ report: inout TrainerReport) throws {
    let health = try joiner.health()
    let review = LiveReview(store: store, registry: registry, configuration: configuration.live, logger: logger)
    let findings = try review.look(settledBefore: clock() - DataReviewer.settledAfter(health))
    report.rolledBack = findings.rollback?.model
    liveMetrics.record(findings)
    let fitted = registry.current.flatMap { try? registry.record($0.model).lineage?.calibrationTime }
    liveMetrics.record(calibrationAgeSeconds: fitted.map { Double(max(0, clock() - $0)) / 1000 })
  }

  private static func isLearnt(_ traffic: Traffic) -> Bool { traffic == .live || traffic == .history }

  /// Whether a candidate would have learnt something that the last one, or the current model, had not.
  private func isNews(_ lineage: Lineage, than last: Lineage?) -> Bool {
    guard lineage.window != nil || lineage.provisional != nil else { return false }
    let previous = last ?? registry.current.flatMap { try? registry.record($0.model).lineage }
    return previous?.window != lineage.window || previous?.provisional != lineage.provisional
  }

  private func judge(
    _ learner: OnlineLearner, lineage: Lineage, provisional: ProvisionalTail, created: Milliseconds,
    report: inout TrainerReport
  ) throws {
    var lineage = lineage
    let recent = learner.recent.ordered
    let labels = recent.map(\.label)
    let settled = learner.recent.newerHalf
    let calibration = CalibrationFit.calibration(
      labels: settled.map(\.label), predictions: settled.map(\.probability), choice: configuration.calibration)
    if calibration != .identity { lineage.calibrationTime = lineage.lastTime }
    lineage.settings = configuration.ftrl
    lineage.progressive = EvaluationReport(labels: labels, predictions: recent.map(\.probability))
    lineage.parent = registry.current?.model
    let model: Model
    do {
      model = try learner.model(
        id: registry.freshID(created), created: created, calibration: calibration, lineage: lineage)
    } catch {
      report.verdict = Gate.nonFinite(error)
      logger.error("no candidate: \(error)")
      return
    }
    let record = try registry.register(model, metrics: lineage.progressive)
    report.candidate = record.id
    let current = currentModel()
    let comparison = try FreshComparison(
      store: store, current: current, lineage: current.flatMap { try? registry.record($0.id).lineage },
      learner: learner, calibration: calibration, provisional: provisional,
      countMax: configuration.comparisonExampleCountMax)
    let latest = try latestExamples(learner, provisional)
    let calibrated = EvaluationReport(labels: latest.map(\.label), predictions: latest.map { $0.probability(model) })
    let health = try joiner.health()
    let review = try DataReviewer(store: store, schema: schema, limits: configuration.gate).review(
      from: registry.latestReview, current: current, settledBefore: created - DataReviewer.settledAfter(health))
    let evidence = GateEvidence(
      candidate: model, reloaded: try? registry.model(record.id), health: health,
      exampleCount: lineage.exampleCount ?? 0,
      currentExampleCount: current.flatMap { try? registry.record($0.id).lineage?.exampleCount }, review: review,
      mustCompare: registry.current.map { $0.who != ModelRegistry.trainerName } ?? false,
      comparison: comparison.result,
      recentClickCount: calibrated.clickCount, calibrationRatio: calibrated.calibrationRatio,
      goldens: latest.suffix(configuration.goldenCount))
    let verdict = Gate(configuration.gate).judge(evidence)
    try registry.settle(record.id, verdict: verdict, review: review, who: ModelRegistry.trainerName)
    report.verdict = verdict
    report.isPromoted = verdict.isAccepted
  }

  /// The model that serves; `nil` when there is none or it can't be read, which must not keep a better one out.
  private func currentModel() -> Model? {
    guard let current = registry.current else { return nil }
    do { return try registry.model(current.model) } catch {
      logger.error("the current model can't be read: \(error)")
      return nil
    }
  }

  /// The latest examples that the candidate learnt, provisional ones last.
  private func latestExamples(_ learner: OnlineLearner, _ provisional: ProvisionalTail) throws -> [Example] {
    let countMax = configuration.latestExampleCount
    let open = provisional.entries.suffix(countMax).map(\.example)
    var closed: [Example] = []
    let first = max(0, learner.cursor - Int64(countMax - open.count))
    try store.forEachExample(after: first, through: learner.cursor, traffic: [.live, .history]) { closed.append($0) }
    return closed + open
  }

  /// Evaluates a probe's example, which is never learnt. `table` is the one that its id is of.
  private func evaluateProbe(_ example: Example, in learner: inout OnlineLearner, table: String) throws {
    let view = table == "example" ? "examples" : "impressions"
    let decision = try store.reader.read { db in
      try String.fetchOne(db, sql: "SELECT decision FROM \(view) WHERE id = ?", arguments: [example.id])
    }
    guard let decision else { return }
    sawProbe(
      ProbeSighting(
        decision: decision, prediction: learner.evaluate(example), label: example.label, time: clock()))
  }
}
