import Events
import GRDB
import Ranking

/// The quality of predictions on examples of the store.
public struct StoreEvaluation: Sendable {
  /// The scored examples.
  public let examples: ScoredExamples
  /// Whether a model has learnt these examples: then it looks better than it is.
  public let wasLearnt: Bool
  /// The examples scored, by id.
  public let window: DataWindow

  /// Quality of the predictions.
  public var report: EvaluationReport {
    EvaluationReport(labels: examples.labels, predictions: examples.predictions)
  }

  /// Share of the examples that is scored when a model has learnt all of them: the latest.
  public static let latestShare = 0.1

  /// A model, and what the registry knows of its origin; `nil` when it came from elsewhere.
  public struct Subject: Sendable {
    let model: Model
    let lineage: Lineage?

    public init(model: Model, lineage: Lineage?) {
      (self.model, self.lineage) = (model, lineage)
    }
  }

  /// Scores what came after the examples that the models learnt or, when that is nothing, the latest that they did learn.
  ///
  /// - parameter other: a second model on the same examples, which are new to both.
  /// - throws: ``LearningError/Code/noExamples`` when there is nothing to score; an error of the store.
  public init(store: Store, subject: Subject, other: Subject? = nil, fields: [SliceField] = []) throws {
    let lineages = [subject, other].compactMap { $0?.lineage }
    let learnt = lineages.compactMap { $0.window?.lastExample }.max() ?? 0
    let provisional = lineages.compactMap { $0.provisional?.lastExample }.max() ?? 0
    let score = { (example: LoggedExample) in
      let probability = { (model: Model) in
        model.probability(context: example.context, attributes: example.attributes, slot: example.slot)
      }
      return (probability(subject.model), other.map { probability($0.model) })
    }
    let fresh = try Self.scored(store, after: learnt, traffic: [.live, .history], fields: fields) { example in
      example.traffic == .live && example.impression <= provisional ? nil : score(example)
    }
    if let window = fresh.window {
      (examples, self.window, wasLearnt) = (fresh.examples, window, false)
      return
    }
    let last = try store.lastExample()
    let first = last - Int64((Double(last) * Self.latestShare).rounded(.up))
    let known = try Self.scored(store, after: first, traffic: [.live, .history], fields: fields, score)
    guard let window = known.window else { throw Self.nothing }
    (examples, self.window, wasLearnt) = (known.examples, window, true)
  }

  /// What was predicted when the ads were served, whichever model it was: no prediction knew its label.
  ///
  /// - throws: ``LearningError/Code/noExamples`` without live examples; an error of the store.
  public init(served store: Store, fields: [SliceField] = []) throws {
    let scored = try Self.scored(store, after: 0, traffic: [.live], fields: fields) { ($0.ctr, nil) }
    guard let window = scored.window else {
      throw LearningError(.noExamples, "no served ad has a known label so far; serve traffic and wait for the join")
    }
    (examples, self.window, wasLearnt) = (scored.examples, window, false)
  }

  private static let nothing = LearningError(
    .noExamples, "the store has no examples with a known label; import history or wait for the join, then evaluate")

  private static func scored(
    _ store: Store, after id: Int64, traffic: [Traffic], fields: [SliceField],
    _ score: (LoggedExample) -> (prediction: Double, other: Double?)?
  ) throws -> (examples: ScoredExamples, window: DataWindow?) {
    var examples = ScoredExamples(fields: fields)
    var window: DataWindow?
    try store.forEachLoggedExample(after: id, traffic: traffic) { example in
      guard let (prediction, other) = score(example) else { return }
      let row = ScoredExamples.Row(label: example.label, prediction: prediction, other: other, user: example.user)
      examples.add(row, lookup: example.value)
      window.add(example: example.id, time: example.time, label: example.label)
    }
    return (examples, window)
  }
}

extension Store {
  /// Id of the newest closed example, 0 when there is none.
  public func lastExample() throws -> Int64 {
    try reader.read { try Int64.fetchOne($0, sql: "SELECT max(id) FROM example") } ?? 0
  }
}
