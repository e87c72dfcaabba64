import Statistics

/// One bin of two distributions.
public struct MatchedBin: Equatable, Sendable {
  /// The value or the range that it counts.
  public let name: String
  public let reference: Double
  public let current: Double
}

/// Counts by bin that can be compared with a reference taken earlier or elsewhere.
public protocol DistributionSnapshot {
  var total: UInt64 { get }

  /// The counts of both, bin by bin; nil when their bins can't be matched.
  func matched(with reference: Self) -> [MatchedBin]?
}

extension DistributionSnapshot {
  /// The population stability index of this distribution against `reference`, half a count added to each bin.
  ///
  /// Nil when either is empty or their bins can't be matched. See ``Drift/populationStabilityIndex(expected:actual:smoothing:)``
  /// for its range and its dependence on the number of observations.
  public func populationStabilityIndex(from reference: Self) -> Double? {
    matched(with: reference).flatMap {
      Drift.populationStabilityIndex(expected: $0.map(\.reference), actual: $0.map(\.current))
    }
  }

  /// The Jensen–Shannon divergence between this distribution and `reference`, in bits: 0 (equal shares) to 1 (disjoint).
  ///
  /// Nil when either is empty or their bins can't be matched.
  public func jensenShannonDivergence(from reference: Self) -> Double? {
    matched(with: reference).flatMap {
      Drift.jensenShannonDivergence($0.map(\.reference), $0.map(\.current), base: .two)
    }
  }
}
