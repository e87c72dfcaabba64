import RealModule

/// A check of the units' proportions that holds however often one looks, while units keep coming.
///
/// The Bayes factor of "any proportions" (Dirichlet with the planned means) against the planned ones is a martingale when
/// these hold, so its inverse is a p-value at all times together, whose running minimum counts (Lindon and Malek 2022,
/// "Anytime-valid inference for multinomial count data"). A value type; one thread at a time.
public struct SequentialSampleRatio: Sendable, Equatable {
  /// The smallest p-value so far; 1 before the first look.
  public private(set) var pValue = 1.0
  private let shares: [Double]

  /// How sure the Dirichlet is of the planned proportions: the larger, the smaller the mismatch it is best at.
  public static let concentration = 10_000.0

  /// `nil` for fewer than two arms of weight above 0, and negative, NaN or infinite weights.
  public init?(plannedWeights: [Double]) {
    let total = plannedWeights.reduce(0, +)
    guard plannedWeights.allSatisfy({ $0 >= 0 && $0.isFinite }), total.isFinite,
      plannedWeights.count(where: { $0 > 0 }) >= 2
    else { return nil }
    shares = plannedWeights.map { $0 / total }
  }

  /// Takes the counts of all units so far, and returns the p-value of all looks together.
  ///
  /// Units in an arm of weight 0 make it 0. Counts that aren't finite or are below 0 change nothing.
  @discardableResult
  public mutating func look(counts: [Double]) -> Double {
    guard counts.count == shares.count, counts.allSatisfy({ $0 >= 0 && $0.isFinite }) else { return pValue }
    if zip(counts, shares).contains(where: { $0 > 0 && $1 == 0 }) { pValue = 0 }
    pValue = min(pValue, Double.exp(-logBayesFactor(counts)))
    return pValue
  }

  /// ln of Γ(A)/Γ(A + n) · Π Γ(A·θᵢ + nᵢ)/Γ(A·θᵢ) / Π θᵢ^nᵢ for planned shares θ.
  private func logBayesFactor(_ counts: [Double]) -> Double {
    let total = counts.reduce(0, +)
    var sum = Double.logGamma(Self.concentration) - Double.logGamma(Self.concentration + total)
    for (count, share) in zip(counts, shares) where share > 0 {
      let prior = Self.concentration * share
      sum += Double.logGamma(prior + count) - Double.logGamma(prior) - count * Double.log(share)
    }
    return sum
  }
}
