import Statistics

/// How good predictions were, each measure `nil` where it is undefined, as without clicks.
public struct EvaluationReport: Codable, Sendable, Equatable {
  public let exampleCount: Int
  public let clickCount: Int
  /// Clicks an impression.
  public let baseRate: Double?
  /// Nats an example; predictions are clipped to [1e-7, 1 − 1e-7].
  public let logLoss: Double?
  /// Log loss over that of always predicting ``baseRate``; below 1 is better than knowing that only.
  public let normalizedEntropy: Double?
  /// 1 − normalized entropy.
  public let relativeInformationGain: Double?
  /// Share of (click, no click) pairs in the right order, ties count half.
  public let rocAUC: Double?
  /// Average precision; ``baseRate`` is what chance reaches.
  public let prAUC: Double?
  /// Predicted clicks an observed click.
  public let calibrationRatio: Double?
  /// ECE over ten bins of equal mass.
  public let expectedCalibrationError: Double?

  /// Bins of ``expectedCalibrationError``.
  public static let binCount = 10
  /// Predictions are moved this far away from 0 and 1 before a logarithm.
  public static let epsilon = 1e-7

  /// Measures predictions against what happened, in O(n log n); arrays of equal length.
  public init(labels: [Bool], predictions: [Double]) {
    let quality = PredictionQuality(labels: labels, predictions: predictions, epsilon: Self.epsilon)
    let ranked = RankedExamples(labels: labels, scores: predictions)
    exampleCount = labels.count
    clickCount = labels.count { $0 }
    baseRate = quality.baseRate
    logLoss = quality.logLoss
    normalizedEntropy = quality.normalizedEntropy()
    relativeInformationGain = quality.relativeInformationGain()
    rocAUC = ranked?.rocAUC
    prAUC = ranked?.averagePrecision
    calibrationRatio = quality.calibrationRatio
    expectedCalibrationError = ranked?.calibrationError(binCount: Self.binCount, strategy: .equalMass)?.expected
  }
}
