extension EvaluationReport {
  /// Every measure by its name for people, in the order to show them.
  public static let measures: [(name: String, value: @Sendable (EvaluationReport) -> Double?)] = [
    ("examples", { Double($0.exampleCount) }),
    ("clicks", { Double($0.clickCount) }),
    ("CTR", { $0.baseRate }),
    ("log loss", { $0.logLoss }),
    ("normalized entropy", { $0.normalizedEntropy }),
    ("relative information gain", { $0.relativeInformationGain }),
    ("AUC", { $0.rocAUC }),
    ("PR AUC", { $0.prAUC }),
    ("calibration ratio", { $0.calibrationRatio }),
    ("ECE", { $0.expectedCalibrationError }),
  ]
}
