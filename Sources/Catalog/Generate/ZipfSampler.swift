import Foundation
import Statistics

/// Draws ranks from 0 with probability in proportion to 1 / (rank + 1)^exponent, in O(log count).
struct ZipfSampler: Sendable {
  private let cumulativeWeights: [Double]

  init(count: Int, exponent: Double) {
    var sum = 0.0
    cumulativeWeights = (0..<max(count, 1)).map { rank in
      sum += pow(Double(rank + 1), -exponent)
      return sum
    }
  }

  func draw(_ generator: inout SeededGenerator) -> Int {
    let target = generator.nextUniform() * (cumulativeWeights.last ?? 0)
    var low = 0
    var high = cumulativeWeights.count - 1
    while low < high {
      let middle = (low + high) / 2
      if cumulativeWeights[middle] > target { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
