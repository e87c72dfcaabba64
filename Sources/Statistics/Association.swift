import RealModule

/// How two series of pairs go together.
///
/// The p-values assume independent pairs, which hours and days aren't: use differenced or seasonally adjusted series and
/// a block bootstrap for them. Every function is `nil` for fewer than two pairs, a constant side, unequal lengths, NaN and
/// infinite values.
public enum Association {
  /// Pearson's correlation, in [−1, 1]. O(n).
  public static func pearson(_ x: [Double], _ y: [Double]) -> Double? {
    guard isUsable(x, y) else { return nil }
    let (dx, dy) = (centered(x), centered(y))
    let xx = NeumaierSum(dx.lazy.map { $0 * $0 }).value
    let yy = NeumaierSum(dy.lazy.map { $0 * $0 }).value
    let xy = NeumaierSum(zip(dx, dy).lazy.map(*)).value
    return max(-1, min(1, xy / (xx * yy).squareRoot()))
  }

  /// Spearman's ρ, Pearson's correlation of the mean ranks, with the two-sided p of Student's t: 0 for |ρ| = 1, `nil` below
  /// three pairs. O(n log n).
  public static func spearman(_ x: [Double], _ y: [Double]) -> (rho: Double, pValue: Double?)? {
    guard isUsable(x, y), let rho = pearson(meanRanks(x), meanRanks(y)) else { return nil }
    guard x.count >= 3 else { return (rho, nil) }
    guard rho.magnitude < 1 else { return (rho, 0) }
    let df = Double(x.count - 2)
    let t = rho * (df / ((1 - rho) * (1 + rho))).squareRoot()
    return (rho, StudentT.twoSidedPValue(t: t, degreesOfFreedom: df))
  }

  /// Ranks from 1; equal values share the mean of theirs.
  static func meanRanks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      let end = order[start...].firstIndex { values[$0] != values[order[start]] } ?? order.count
      for index in order[start..<end] { ranks[index] = Double(start + end + 1) / 2 }
      start = end
    }
    return ranks
  }

  static func isUsable(_ x: [Double], _ y: [Double]) -> Bool {
    x.count == y.count
      && [x, y].allSatisfy { side in
        side.allFinite && side.contains { $0 != side[0] }
      }
  }

  /// Differences from the mean over the power of two next to the largest, so that their squares can't overflow.
  private static func centered(_ values: [Double]) -> [Double] {
    let scale = values.reduce(0) { max($0, $1.magnitude) }.binade
    let shifted = values.map { $0 / scale - values[0] / scale }
    let mean = NeumaierSum(shifted).value / Double(values.count)
    let differences = shifted.map { $0 - mean }
    let spread = differences.reduce(0) { max($0, $1.magnitude) }.binade
    return differences.map { $0 / spread }
  }
}
