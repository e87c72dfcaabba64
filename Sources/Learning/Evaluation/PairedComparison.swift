import Statistics

/// Log loss of two models on the same examples.
public struct PairedComparison: Codable, Sendable, Equatable {
  public private(set) var exampleCount = 0
  /// Mean of the first model's loss less the second's, nats an example; below 0 the first is better.
  public private(set) var meanDifference = 0.0
  /// Mean loss of the second model, nats an example.
  public private(set) var secondLoss = 0.0
  private var squares = 0.0

  public init() {}

  /// Adds an example with the probabilities of both.
  public mutating func add(label: Bool, first: Double, second: Double) {
    let other = Self.loss(label, second)
    let difference = Self.loss(label, first) - other
    exampleCount += 1
    secondLoss += (other - secondLoss) / Double(exampleCount)
    let delta = difference - meanDifference
    meanDifference += delta / Double(exampleCount)
    squares += delta * (difference - meanDifference)
  }

  /// Standard error of ``meanDifference``; `nil` below two examples.
  public var standardError: Double? {
    guard exampleCount > 1 else { return nil }
    return (squares / Double(exampleCount - 1) / Double(exampleCount)).squareRoot()
  }

  /// Lower end of the one-sided interval of ``meanDifference``: above 0, the first model is worse.
  public func lowerBound(significance: Double) -> Double? {
    guard let standardError, let quantile = NormalDistribution.quantile(1 - significance) else { return nil }
    return meanDifference - quantile * standardError
  }

  /// Upper end of the one-sided interval of ``meanDifference``: at most so much worse is the first model.
  public func upperBound(significance: Double) -> Double? {
    lowerBound(significance: significance).map { 2 * meanDifference - $0 }
  }

  private static func loss(_ label: Bool, _ probability: Double) -> Double {
    let clipped = min(max(probability, EvaluationReport.epsilon), 1 - EvaluationReport.epsilon)
    return Logistic.loss(z: Logistic.logit(clipped), label: label)
  }
}
