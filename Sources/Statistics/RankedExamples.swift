/// Labelled scores in the order of their scores: sorted once, then every rank metric is one pass.
///
/// Sorting costs O(n log n), 24 bytes a row. Equal scores are ties whatever their row order, −0 ties with 0.
public struct RankedExamples: Sendable {
  struct Row: Sendable {
    let score: Double
    let weight: Double
    let label: Bool
  }

  /// The rows of one score.
  struct TieGroup {
    let score: Double
    var rows = 0
    var positiveWeight = 0.0
    var negativeWeight = 0.0

    var weight: Double { positiveWeight + negativeWeight }
  }

  /// Ascending by score, without the rows of weight 0.
  let rows: [Row]
  let isWeighted: Bool
  let positiveWeight: Double
  let negativeWeight: Double

  /// Any finite scores; weights are 1 when not given, and a weight of 0 leaves a row out.
  ///
  /// `nil` for arrays of different lengths, NaN or infinite values, a negative weight, or no row left.
  public init?(labels: [Bool], scores: [Double], weights: [Double]? = nil) {
    guard labels.count == scores.count, scores.allFinite else { return nil }
    if let weights {
      guard weights.count == labels.count, weights.allCounts else { return nil }
    }
    var rows: [Row] = []
    rows.reserveCapacity(labels.count)
    for index in labels.indices {
      let weight = weights?[index] ?? 1
      if weight > 0 { rows.append(Row(score: scores[index], weight: weight, label: labels[index])) }
    }
    guard !rows.isEmpty else { return nil }
    rows.sort { $0.score < $1.score }
    self.rows = rows
    isWeighted = weights != nil
    positiveWeight = NeumaierSum(rows.lazy.filter(\.label).map(\.weight)).value
    negativeWeight = NeumaierSum(rows.lazy.filter { !$0.label }.map(\.weight)).value
    guard (positiveWeight + negativeWeight).isFinite else { return nil }
  }

  /// The area under the ROC curve: the share of (click, no click) pairs ordered rightly, ties counting half.
  ///
  /// `nil` without clicks or without anything else. Sources: Hanley and McNeil 1982; Fawcett 2006.
  public var rocAUC: Double? {
    guard positiveWeight > 0, negativeWeight > 0 else { return nil }
    var below = NeumaierSum()
    var area = NeumaierSum()
    for tie in ties() {
      let rank = (below.value + tie.negativeWeight / 2) / negativeWeight
      area.add(tie.positiveWeight / positiveWeight * rank)
      below.add(tie.negativeWeight)
    }
    return area.value
  }

  /// Average precision, the area under the precision-recall steps: Σ (Rₖ − Rₖ₋₁)·Pₖ over distinct scores, descending.
  ///
  /// A random ranking reaches the base rate. `nil` without clicks, 1 when there is nothing else.
  /// Never the trapezoid, which is too optimistic: Davis and Goadrich 2006.
  public var averagePrecision: Double? {
    guard positiveWeight > 0 else { return nil }
    var clicks = NeumaierSum()
    var shown = NeumaierSum()
    var area = NeumaierSum()
    for tie in ties(descending: true) where tie.weight > 0 {
      clicks.add(tie.positiveWeight)
      shown.add(tie.positiveWeight)
      shown.add(tie.negativeWeight)
      area.add(tie.positiveWeight / positiveWeight * (clicks.value / shown.value))
    }
    return area.value
  }

  func ties(descending: Bool = false) -> Ties {
    Ties(rows: rows, position: descending ? rows.count - 1 : 0, step: descending ? -1 : 1)
  }

  /// The groups of equal scores, one after the other.
  struct Ties: Sequence, IteratorProtocol {
    let rows: [Row]
    var position: Int
    let step: Int

    mutating func next() -> TieGroup? {
      guard rows.indices.contains(position) else { return nil }
      var group = TieGroup(score: rows[position].score)
      while rows.indices.contains(position), rows[position].score == group.score {
        group.rows += 1
        if rows[position].label {
          group.positiveWeight += rows[position].weight
        } else {
          group.negativeWeight += rows[position].weight
        }
        position += step
      }
      return group
    }
  }
}
