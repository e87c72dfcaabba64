/// Settings of the vectors of a factorization machine.
public struct FactorSettings: Codable, Sendable, Hashable {
  /// Numbers of a vector, at least 1.
  public var dimension = 8
  /// How far a number moves with its first gradients (AdaGrad), above 0.
  public var rate = 0.02
  /// Square penalty each time a value is seen, at least 0.
  public var l2 = 0.01
  /// Examples that a value must be seen in to get a vector, at least 1.
  public var exampleCountMin = 20
  /// Values of one field that get a vector at most, the most frequent.
  public var valueCountMax = 1000
  /// Pairs of values that are written out at most; the limit on values is halved until they fit.
  public var weightCountMax = 2_000_000

  public init() {}

  /// - throws: ``LearningError/Code/invalidSetting`` that names what is outside its range.
  func validate() throws(LearningError) {
    guard dimension >= 1, rate > 0, rate.isFinite, l2 >= 0, l2.isFinite, exampleCountMin >= 1, valueCountMax >= 1,
      weightCountMax >= 1
    else {
      throw LearningError(
        .invalidSetting,
        "factors: dimension, exampleCountMin, valueCountMax and weightCountMax must be at least 1, rate above 0, l2 at least 0; change them"
      )
    }
  }
}
