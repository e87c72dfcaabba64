import Statistics

/// The log loss of log-odds that were predicted for examples, example by example.
struct HeldOutLoss: Sendable {
  let losses: [Double]
  let mean: Double

  init(logits: [Double], labels: [Bool]) {
    losses = zip(logits, labels).map { Logistic.loss(z: $0, label: $1) }
    mean = losses.isEmpty ? .infinity : losses.reduce(0, +) / Double(losses.count)
  }

  /// By how much this loss lies below `other` on the same examples, in its own standard errors: 0 when equal.
  func gain(over other: HeldOutLoss) -> Double {
    let differences = zip(other.losses, losses).map { $0 - $1 }
    let count = Double(differences.count)
    let mean = differences.reduce(0, +) / count
    let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(count - 1, 1)
    return mean == 0 ? 0 : mean / (variance / count).squareRoot()
  }
}
