import Statistics

/// Hyper-parameters of ``FTRLLearner``, with defaults that do well on click logs of very different kinds.
///
/// Chosen on parts left out of three public click sets: rate 0.1 with beta 1 as in He et al. 2014, a firm L2 since most
/// weights belong to rare values, and no L1, which costs accuracy and pays only when memory is short.
public struct FTRLSettings: Codable, Sendable, Hashable {
  /// Learning rate of a coordinate at the start, above 0.
  public var alpha = 0.1
  /// Damps the first steps, at least 0.
  public var beta = 1.0
  /// Strength of the absolute penalty, at least 0: weights with weaker evidence are exactly 0.
  public var l1 = 0.0
  /// Strength of the square penalty, at least 0.
  public var l2 = 2.5
  /// Whether the intercept is penalised like any weight. By default it isn't: a base rate is nothing to be sceptical of.
  public var penalizesIntercept = false
  /// Probability predicted before anything is learnt, inside (0, 1): where the intercept starts.
  public var priorCTR = 0.02

  public init() {}

  /// - throws: ``LearningError/Code/invalidSetting`` that names what is outside its range.
  public func validate() throws(LearningError) {
    guard parameters.isValid else {
      throw LearningError(
        .invalidSetting, "alpha \(alpha) must be above 0, beta \(beta), l1 \(l1) and l2 \(l2) at least 0; change them")
    }
    guard priorCTR > 0, priorCTR < 1 else {
      throw LearningError(.invalidSetting, "priorCTR must lie between 0 and 1, but is \(priorCTR); change it")
    }
  }

  var parameters: FTRLProximal.Parameters { .init(alpha: alpha, beta: beta, l1: l1, l2: l2) }

  var interceptParameters: FTRLProximal.Parameters {
    penalizesIntercept ? parameters : .init(alpha: alpha, beta: beta, l1: 0, l2: 0)
  }
}
