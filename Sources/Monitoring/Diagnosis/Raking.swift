/// Fits one multiplier for each dimension value, and one for all, to the margins of counts: the posterior mode of a
/// log-linear model of main effects with a gamma prior of mean 1 on each multiplier, so that thin values stay near 1.
struct Raking {
  private static let sweepCountMax = 12
  /// A sweep that moves no multiplier by more than this part is the last.
  private static let tolerance = 1e-5

  let codes: [[Int]]
  let valueCounts: [Int]
  /// Standard deviation of the prior of a dimension value's multiplier.
  let priorDeviation: Double
  /// The same of the common multiplier; `nil` when it may be anything.
  let levelDeviation: Double?

  /// The product of the multipliers for each cell. `target` and `expected` are compared in counts, that is after
  /// multiplication by `weights`.
  func multipliers(target: [Double], expected: [Double], weights: [Double]) -> [Double] {
    let prior = 1 / (priorDeviation * priorDeviation)
    let target = zip(target, weights).map { $0 * $1 }
    let expected = zip(expected, weights).map { $0 * $1 }
    let expectedTotal = expected.reduce(0, +)
    let common = level(target.reduce(0, +), expectedTotal)
    let margins = zip(codes, valueCounts).map { Self.margin(target, codes: $0, valueCount: $1) }
    var factors = [Double](repeating: common, count: target.count)
    var effects = valueCounts.map { [Double](repeating: 1, count: $0) }
    for _ in 0..<Self.sweepCountMax {
      var moved = 0.0
      for (dimension, codes) in codes.enumerated() {
        let due = zip(expected, factors).map { $0 * $1 }
        let reached = Self.margin(due, codes: codes, valueCount: valueCounts[dimension])
        let change = reached.indices.map { code in
          let old = effects[dimension][code]
          effects[dimension][code] = (margins[dimension][code] + prior) / (reached[code] / old + prior)
          return effects[dimension][code] / old
        }
        for (cell, code) in codes.enumerated() { factors[cell] *= change[code] }
        moved = change.reduce(moved) { max($0, ($1 - 1).magnitude) }
      }
      let reached = zip(expected, factors).reduce(0) { $0 + $1.0 * $1.1 }
      guard reached > 0, moved > Self.tolerance else { break }
      let correction = common * expectedTotal / reached
      for cell in factors.indices { factors[cell] *= correction }
    }
    return factors
  }

  private static func margin(_ counts: [Double], codes: [Int], valueCount: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: valueCount)
    for (cell, code) in codes.enumerated() { sums[code] += counts[cell] }
    return sums
  }

  private func level(_ target: Double, _ expected: Double) -> Double {
    let prior = levelDeviation.map { 1 / ($0 * $0) } ?? 0
    return target > 0 && expected > 0 ? (target + prior) / (expected + prior) : 1
  }
}
