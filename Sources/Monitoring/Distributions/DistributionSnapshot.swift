import Statistics

/// Counts by bin that can be compared with a reference taken earlier or elsewhere.
public protocol DistributionSnapshot {
  /// The counts of both, bin by bin; nil when their bins can't be matched.
  func matched(with reference: Self) -> (reference: [Double], current: [Double])?
}

extension DistributionSnapshot {
  /// The population stability index of this distribution against `reference`, half a count added to each bin.
  ///
  /// Nil when either is empty or their bins can't be matched. See ``Drift/populationStabilityIndex(expected:actual:smoothing:)``
  /// for its range and its dependence on the number of observations.
  public func populationStabilityIndex(from reference: Self) -> Double? {
    matched(with: reference).flatMap {
      Drift.populationStabilityIndex(expected: $0.reference, actual: $0.current)
    }
  }

  /// The Jensen–Shannon divergence between this distribution and `reference`, in bits: 0 (equal shares) to 1 (disjoint).
  ///
  /// Nil when either is empty or their bins can't be matched.
  public func jensenShannonDivergence(from reference: Self) -> Double? {
    matched(with: reference).flatMap {
      Drift.jensenShannonDivergence($0.reference, $0.current, base: .two)
    }
  }
}
