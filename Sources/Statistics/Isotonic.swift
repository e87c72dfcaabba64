/// Isotonic regression by pooling adjacent violators, in O(n). Source: Barlow et al. 1972.
public enum Isotonic {
  /// The non-decreasing values nearest to `values` in weighted squares, for input already ordered by score.
  ///
  /// A weight of 0 removes its value from the answer. `nil` for empty input, unequal lengths, NaN or infinite values,
  /// a negative weight or total weight 0. Pool equal scores first, as ``RankedExamples/isotonicSteps`` does.
  public static func regression(_ values: [Double], weights: [Double]? = nil) -> [Double]? {
    guard values.allFinite, weights.map({ $0.count == values.count && $0.allCounts }) ?? true else { return nil }
    var pool = Pool()
    for (index, value) in values.enumerated() {
      let weight = weights?[index] ?? 1
      if weight > 0 { pool.add(value, weight: weight) }
    }
    guard !pool.blocks.isEmpty else { return nil }
    return pool.blocks.flatMap { repeatElement($0.mean, count: $0.count) }
  }

  fileprivate struct Block {
    var count: Int
    var weight: Double
    var mean: Double
  }

  fileprivate struct Pool {
    private(set) var blocks: [Block] = []

    mutating func add(_ value: Double, weight: Double) {
      var block = Block(count: 1, weight: weight, mean: value)
      while let last = blocks.last, last.mean > block.mean {
        blocks.removeLast()
        let weight = last.weight + block.weight
        let mean = last.mean + (block.mean - last.mean) * (block.weight / weight)
        block = Block(count: last.count + block.count, weight: weight, mean: mean)
      }
      blocks.append(block)
    }
  }
}

/// One level of an isotonic fit: every score from `lowestScore` to `highestScore` gets `value`.
public struct IsotonicStep: Sendable, Equatable, Codable {
  public let lowestScore: Double
  public let highestScore: Double
  public let value: Double
}

extension RankedExamples {
  /// The isotonic fit of the click rate to the score, ascending in both, ties pooled first.
  public var isotonicSteps: [IsotonicStep] {
    var pool = Isotonic.Pool()
    var scores: [Double] = []
    for tie in ties() {
      pool.add(tie.positiveWeight / tie.weight, weight: tie.weight)
      scores.append(tie.score)
    }
    var start = 0
    return pool.blocks.map { block in
      defer { start += block.count }
      return IsotonicStep(
        lowestScore: scores[start], highestScore: scores[start + block.count - 1], value: block.mean)
    }
  }
}
