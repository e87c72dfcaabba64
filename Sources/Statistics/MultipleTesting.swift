/// Control of the false discovery rate over many tests.
public struct BenjaminiHochberg: Sendable, Equatable {
  /// Adjusted p-values in input order.
  public let adjusted: [Double]
  /// Whether each is at most the chosen rate.
  public let rejected: [Bool]

  /// Adjusts by min over j ≥ i of p₍ⱼ₎/(j/m), capped at 1; valid under independence and positive dependence.
  ///
  /// No p-values give empty lists. `nil` for a p-value or rate outside [0, 1]. Source: Benjamini and Hochberg 1995.
  public init?(pValues: [Double], falseDiscoveryRate: Double) {
    guard falseDiscoveryRate.isProbability, pValues.allSatisfy(\.isProbability) else { return nil }
    var adjusted = [Double](repeating: 1, count: pValues.count)
    var smallest = 1.0
    let ascending = pValues.indices.sorted { pValues[$0] < pValues[$1] }
    for (rank, index) in ascending.enumerated().reversed() {
      smallest = min(smallest, pValues[index] / (Double(rank + 1) / Double(pValues.count)))
      adjusted[index] = smallest
    }
    self.adjusted = adjusted
    rejected = adjusted.map { $0 <= falseDiscoveryRate }
  }
}
