import Statistics

/// What a policy would have earned, an impression, estimated from the log of another one.
public struct PolicyReport: Sendable, Equatable {
  /// One estimator's answer.
  public struct Estimate: Sendable, Equatable {
    public let value: Double
    public let standardError: Double?

    init(value: Double, standardError: Double? = nil) {
      (self.value, self.standardError) = (value, standardError)
    }

    init?(_ estimate: OffPolicy.Estimate?) {
      guard let estimate else { return nil }
      self.init(value: estimate.value, standardError: estimate.standardError)
    }

    /// Ends of the normal 95 % interval.
    public var interval: [Double]? {
      standardError.map { [value - 1.959963984540054 * $0, value + 1.959963984540054 * $0] }
    }
  }

  /// The estimates with weights limited.
  public struct Clipped: Sendable, Equatable {
    public let limit: Double
    /// Inverse propensity scoring with weights of at most the limit.
    public let ips: Double
    /// Doubly robust where the weight is within the limit, the direct method elsewhere.
    public let switchDoublyRobust: Double?
    /// Share of the weights above the limit.
    public let share: Double
  }

  public let rowCount: Int
  /// Mean reward of the log itself.
  public let logged: Double
  public let ips: Estimate
  public let snips: Estimate?
  public let directMethod: Estimate?
  public let doublyRobust: Estimate?
  public let selfNormalizedDoublyRobust: Double?
  /// Mean reward of the rows on which a policy without chance agrees with the log, and their number; `nil` otherwise.
  public let replay: Double?
  public let replayCount: Int?
  public let clipped: [Clipped]
  /// Mean of the weights, 1 within its error when the propensities are right.
  public let meanWeight: Estimate
  public let maximumWeight: Double
  /// Largest weight over the sum of all.
  public let maximumWeightShare: Double
  public let effectiveSampleSize: Double
  /// Share of the rows that the policy would never have made.
  public let zeroShare: Double
  /// Share of the policy's choices that the log never made in that slot: nothing is known of them. `nil` when unknown.
  public let unsupportedShare: Double?
  /// Why nobody should act on the estimates; empty when they can be used.
  public let objections: [String]

  public var isUsable: Bool { objections.isEmpty }

  /// Limits beyond which estimates aren't to be used.
  public enum Limits {
    /// Fewer effective rows than this say nothing.
    public static let effectiveSampleSizeMin = 100.0
    /// Share of all weight that one row may have.
    public static let maximumWeightShareMax = 0.1
    /// Share of the policy's choices that the log may not know.
    public static let unsupportedShareMax = 0.1
    /// Standard errors by which the mean weight may differ from 1.
    public static let meanWeightErrorMax = 6.0
  }
}

extension PolicyReport {
  /// What estimates are made of, row by row.
  struct Evidence {
    var rewards: [Double] = []
    var targetProbabilities: [Double] = []
    var propensities: [Double] = []
    /// Reward that a model expects of what was shown, and of what the policy would have shown.
    var expectedLogged: [Double] = []
    var expectedTarget: [Double] = []
    var unsupportedShare: Double?
    /// Reasons found while the rows were read.
    var objections: [String] = []
  }

  /// - throws: ``LearningError/Code/noExamples`` without rows, `nonFinite` when a number is out of its range.
  init(_ evidence: Evidence, clips: [Double]) throws(LearningError) {
    guard !evidence.rewards.isEmpty else { throw LearningError(.noExamples, "there are no rows to estimate from") }
    let estimate = { (clip: Double?) throws(LearningError) -> OffPolicy in
      let result = OffPolicy(
        rewards: evidence.rewards, targetProbabilities: evidence.targetProbabilities,
        loggedProbabilities: evidence.propensities, clip: clip, predictedLogged: evidence.expectedLogged,
        predictedTarget: evidence.expectedTarget)
      guard let result else {
        throw LearningError(.nonFinite, "a probability isn't in its range; check propensities, policy and clips")
      }
      return result
    }
    let all = try estimate(nil)
    let matches = evidence.targetProbabilities.indices.filter { evidence.targetProbabilities[$0] == 1 }
    let isDeterministic = evidence.targetProbabilities.allSatisfy { $0 == 0 || $0 == 1 }
    var clipped: [Clipped] = []
    for limit in clips {
      let part = try estimate(limit)
      clipped.append(
        Clipped(
          limit: limit, ips: part.ips.value, switchDoublyRobust: part.switchDoublyRobust?.value,
          share: part.clippedShare))
    }
    rowCount = evidence.rewards.count
    logged = Moments(evidence.rewards).mean ?? 0
    ips = Estimate(value: all.ips.value, standardError: all.ips.standardError)
    snips = Estimate(all.snips)
    directMethod = Estimate(all.directMethod)
    doublyRobust = Estimate(all.doublyRobust)
    selfNormalizedDoublyRobust = all.selfNormalizedDoublyRobust
    replay = isDeterministic ? Moments(matches.map { evidence.rewards[$0] }).mean : nil
    replayCount = isDeterministic ? matches.count : nil
    self.clipped = clipped
    meanWeight = Estimate(value: all.meanWeight.value, standardError: all.meanWeight.standardError)
    maximumWeight = all.maximumWeight
    maximumWeightShare = all.maximumWeightShare
    effectiveSampleSize = all.effectiveSampleSize
    zeroShare = all.zeroShare
    unsupportedShare = evidence.unsupportedShare
    objections = evidence.objections + Self.objections(all, unsupportedShare: evidence.unsupportedShare)
  }

  private static func objections(_ result: OffPolicy, unsupportedShare: Double?) -> [String] {
    var objections: [String] = []
    func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
    if result.maximumWeightShare > Limits.maximumWeightShareMax {
      objections.append(
        "one row has a weight of \(result.maximumWeight.rounded()), \(percent(result.maximumWeightShare)) of all weight: "
          + "the log hardly ever showed what the policy wants")
    }
    if result.effectiveSampleSize < Limits.effectiveSampleSizeMin {
      objections.append(
        "the rows are worth only \((result.effectiveSampleSize * 10).rounded() / 10) of the policy's own, "
          + "at least \(Limits.effectiveSampleSizeMin) are needed")
    }
    if let unsupportedShare, unsupportedShare > Limits.unsupportedShareMax {
      objections.append("\(percent(unsupportedShare)) of the policy's choices were never made by the log")
    }
    if let error = result.meanWeight.standardError,
      abs(result.meanWeight.value - 1) > max(Limits.meanWeightErrorMax * error, 1e-6)
    {
      objections.append(
        "the weights have the mean \(result.meanWeight.value), not 1: the logged propensities are wrong, or the log can't "
          + "show what the policy wants")
    }
    return objections
  }
}
