import RealModule

extension Association {
  /// Kendall's τ_b with the two-sided normal p of its tie-corrected variance; p is `nil` below three pairs.
  ///
  /// O(n log n) by counting the exchanges of a merge sort. Source: Knight 1966.
  public static func kendallTauB(_ x: [Double], _ y: [Double]) -> (tau: Double, pValue: Double?)? {
    guard isUsable(x, y) else { return nil }
    let order = x.indices.sorted { (x[$0], y[$0]) < (x[$1], y[$1]) }
    let xTies = TieSums(runLengths(order) { x[$0] == x[$1] })
    let jointTies = TieSums(runLengths(order) { x[$0] == x[$1] && y[$0] == y[$1] })
    var ys = order.map { y[$0] }
    let exchanges = sortCountingExchanges(&ys)
    let yTies = TieSums(runLengths(Array(ys.indices)) { ys[$0] == ys[$1] })
    let n = Double(x.count)
    let pairs = n * (n - 1) / 2
    // Concordant minus discordant pairs.
    let score = pairs - xTies.pairs - yTies.pairs + jointTies.pairs - 2 * Double(exchanges)
    let tau = score / (pairs - xTies.pairs).squareRoot() / (pairs - yTies.pairs).squareRoot()
    guard x.count >= 3 else { return (max(-1, min(1, tau)), nil) }
    let m = n * (n - 1)
    let variance =
      (m * (2 * n + 5) - xTies.quadratic - yTies.quadratic) / 18 + 2 * xTies.pairs * yTies.pairs / m
      + xTies.cubic * yTies.cubic / (9 * m * (n - 2))
    return (max(-1, min(1, tau)), NormalDistribution.twoSidedPValue(z: score / variance.squareRoot()))
  }

  /// Sums over the sizes t of the groups of equal values.
  private struct TieSums {
    /// Σ t(t − 1)/2.
    var pairs = 0.0
    /// Σ t(t − 1)(2t + 5).
    var quadratic = 0.0
    /// Σ t(t − 1)(t − 2).
    var cubic = 0.0

    init(_ sizes: [Int]) {
      for size in sizes where size > 1 {
        let t = Double(size)
        pairs += t * (t - 1) / 2
        quadratic += t * (t - 1) * (2 * t + 5)
        cubic += t * (t - 1) * (t - 2)
      }
    }
  }

  private static func runLengths(_ order: [Int], equal: (Int, Int) -> Bool) -> [Int] {
    var lengths = [1]
    for (previous, next) in zip(order, order.dropFirst()) {
      if equal(previous, next) { lengths[lengths.count - 1] += 1 } else { lengths.append(1) }
    }
    return lengths
  }

  /// Sorts by bottom-up merging; returns how many pairs stood in the wrong order.
  private static func sortCountingExchanges(_ values: inout [Double]) -> Int {
    var source = values
    var merged = values
    var exchanges = 0
    var width = 1
    while width < source.count {
      for start in stride(from: 0, to: source.count, by: 2 * width) {
        let middle = min(start + width, source.count)
        let end = min(start + 2 * width, source.count)
        var (left, right) = (start, middle)
        for position in start..<end {
          if right == end || (left < middle && source[left] <= source[right]) {
            merged[position] = source[left]
            left += 1
          } else {
            merged[position] = source[right]
            exchanges += middle - left
            right += 1
          }
        }
      }
      swap(&source, &merged)
      width *= 2
    }
    values = source
    return exchanges
  }
}
