/// What another policy would have earned, estimated from logged decisions and their propensities.
///
/// Sources: Horvitz and Thompson 1952; Swaminathan and Joachims 2015; Dudík et al. 2011; Ionides 2008; Kish 1965.
/// Read no result with an ``effectiveSampleSize`` below some hundreds.
public struct OffPolicy: Sendable, Equatable {
  public struct Estimate: Sendable, Equatable {
    public let value: Double
    /// `nil` for one decision, except for SNIPS.
    public let standardError: Double?
  }

  /// Inverse propensity scoring: mean(w·r), w = target/logged probability of the shown ad, at most `clip`.
  public let ips: Estimate
  /// Self-normalised: Σwr/Σw. `nil` when all weights are 0.
  public let snips: Estimate?
  /// Direct method: the mean of the model's values under the target policy; its error ignores the model's bias.
  public let directMethod: Estimate?
  /// Doubly robust: mean(v + w(r − q)).
  public let doublyRobust: Estimate?
  /// Self-normalised doubly robust: mean(v) + Σw(r − q)/Σw. `nil` when all weights are 0.
  public let selfNormalizedDoublyRobust: Double?
  /// Doubly robust, with weights above `clip` left out instead of lowered: mean(v + 1(w ≤ clip)·w(r − q)).
  public let switchDoublyRobust: Estimate?
  /// Mean weight before clipping: 1 within its error when the logged probabilities are right and cover the target's.
  public let meanWeight: Estimate
  /// Share of the decisions that the target policy would never make.
  public let zeroShare: Double
  /// Largest weight over the sum of the weights, 0 when all are 0: near 1, one decision is the whole estimate.
  public let maximumWeightShare: Double
  /// (Σw)²/Σw², 0 when all weights are 0.
  public let effectiveSampleSize: Double
  public let maximumWeight: Double
  /// Share of the weights that were above `clip`.
  public let clippedShare: Double

  /// `predictedLogged` is the model's reward q(x, a) of the shown ad, `predictedTarget` its expected reward under the target
  /// policy; without both there is no direct method and no doubly robust estimate. Clipping trades variance for bias.
  ///
  /// `nil` for no decisions, unequal lengths, target probabilities outside [0, 1], logged ones outside (0, 1], a negative
  /// `clip`, NaN and infinite values.
  public init?(
    rewards: [Double], targetProbabilities: [Double], loggedProbabilities: [Double], clip: Double? = nil,
    predictedLogged: [Double]? = nil, predictedTarget: [Double]? = nil
  ) {
    let lengths = [targetProbabilities, loggedProbabilities, predictedLogged, predictedTarget].compactMap(\.?.count)
    guard !rewards.isEmpty, lengths.allSatisfy({ $0 == rewards.count }), rewards.allFinite,
      targetProbabilities.allSatisfy(\.isProbability), loggedProbabilities.allSatisfy({ $0 > 0 && $0 <= 1 }),
      clip.map({ $0.isFinite && $0 >= 0 }) ?? true, predictedLogged?.allFinite ?? true,
      predictedTarget?.allFinite ?? true
    else { return nil }
    let unclipped = zip(targetProbabilities, loggedProbabilities).map(/)
    let weights = unclipped.map { min($0, clip ?? .infinity) }
    let gains = zip(weights, rewards).map(*)
    guard let largest = weights.max(), largest.isFinite, let ips = Estimate(meanOf: gains),
      let meanWeight = Estimate(meanOf: unclipped)
    else { return nil }
    self.ips = ips
    self.meanWeight = meanWeight
    zeroShare = Double(unclipped.count { $0 == 0 }) / Double(rewards.count)
    maximumWeight = largest
    clippedShare = Double(unclipped.count { $0 > clip ?? .infinity }) / Double(rewards.count)
    // Over the largest weight, so that squares can't overflow.
    let relative = largest > 0 ? weights.map { $0 / largest } : weights
    let total = NeumaierSum(relative).value
    let squares = NeumaierSum(relative.lazy.map { $0 * $0 }).value
    effectiveSampleSize = squares > 0 ? total * total / squares : 0
    maximumWeightShare = total > 0 ? 1 / total : 0
    snips = Self.selfNormalized(relative, rewards, total: total)
    guard let predictedLogged, let predictedTarget else {
      (directMethod, doublyRobust, selfNormalizedDoublyRobust, switchDoublyRobust) = (nil, nil, nil, nil)
      return
    }
    let surprises = zip(rewards, predictedLogged).map(-)
    let direct = Estimate(meanOf: predictedTarget)
    directMethod = direct
    doublyRobust = Estimate(meanOf: rewards.indices.map { predictedTarget[$0] + weights[$0] * surprises[$0] })
    selfNormalizedDoublyRobust = Self.selfNormalized(relative, surprises, total: total).flatMap { correction in
      direct.map { $0.value + correction.value }
    }
    switchDoublyRobust = Estimate(
      meanOf: rewards.indices.map { row in
        predictedTarget[row] + (unclipped[row] <= clip ?? .infinity ? unclipped[row] * surprises[row] : 0)
      })
  }

  private static func selfNormalized(_ weights: [Double], _ rewards: [Double], total: Double) -> Estimate? {
    guard total > 0 else { return nil }
    let value = NeumaierSum(zip(weights, rewards).lazy.map(*)).value / total
    let squares = zip(weights, rewards).lazy.map { ($0 * ($1 - value)) * ($0 * ($1 - value)) }
    return Estimate(value: value, standardError: NeumaierSum(squares).value.squareRoot() / total)
  }
}

extension OffPolicy.Estimate {
  /// The mean and the sample deviation over √n.
  fileprivate init?(meanOf terms: [Double]) {
    let moments = Moments(terms)
    guard let mean = moments.mean else { return nil }
    value = mean
    standardError = moments.variance.map { ($0 / Double(terms.count)).squareRoot() }
  }
}
