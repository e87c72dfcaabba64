import Events
import Ranking

/// Candidate against current model on examples that were new to both when they predicted them.
///
/// New to the candidate: it predicted each before it learnt it. New to the current model: examples closed after its
/// window, and open impressions after those that it learnt provisionally. If it learnt provisionally at all, a live
/// example has been open to it before it was closed, so that only history counts among the closed ones.
struct FreshComparison {
  private(set) var result = PairedComparison()

  /// - parameter predictions: the candidate's, by example.
  init(store: Store, current: Model?, lineage: Lineage?, predictions: [Int64: Double]) throws {
    guard let current, let least = predictions.keys.min(), let last = predictions.keys.max() else { return }
    let first = max(lineage?.window?.lastExample ?? 0, least - 1)
    let traffic: [Traffic] = lineage?.provisional == nil ? [.live, .history] : [.history]
    try store.forEachExample(after: first, through: last, traffic: traffic) { example in
      if let probability = predictions[example.id] { add(example, probability, .identity, current) }
    }
  }

  init(
    store: Store, current: Model?, lineage: Lineage?, learner: OnlineLearner, calibration: Calibration,
    provisional: ProvisionalTail,
    countMax: Int
  ) throws {
    guard let current else { return }
    let fresh = provisional.entries.filter { $0.example.id > lineage?.provisional?.lastExample ?? 0 }.suffix(countMax)
    for entry in fresh { add(entry.example, entry.probability, calibration, current) }
    let predictions = Dictionary(
      learner.recent.ordered.filter { !$0.isProvisional }.suffix(countMax - fresh.count).map {
        ($0.example, $0.probability)
      }
    ) { $1 }
    let first = max(lineage?.window?.lastExample ?? 0, (predictions.keys.min() ?? 1) - 1)
    let traffic: [Traffic] = lineage?.provisional == nil ? [.live, .history] : [.history]
    try store.forEachExample(after: first, through: learner.cursor, traffic: traffic) { example in
      if let probability = predictions[example.id] { add(example, probability, calibration, current) }
    }
  }

  private mutating func add(_ example: Example, _ probability: Double, _ calibration: Calibration, _ current: Model) {
    result.add(
      label: example.label, first: calibration.probability(probability), second: example.probability(current))
  }
}
