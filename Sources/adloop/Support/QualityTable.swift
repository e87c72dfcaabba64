import Learning

/// The measures of predictions as rows of a table.
enum QualityTable {
  static let measures: [(String, @Sendable (EvaluationReport) -> String)] = [
    ("examples", { String($0.exampleCount) }),
    ("clicks", { String($0.clickCount) }),
    ("CTR", { text($0.baseRate) }),
    ("log loss", { text($0.logLoss) }),
    ("normalized entropy", { text($0.normalizedEntropy) }),
    ("AUC", { text($0.rocAUC) }),
    ("PR AUC", { text($0.prAUC) }),
    ("calibration ratio", { text($0.calibrationRatio) }),
    ("ECE", { text($0.expectedCalibrationError) }),
  ]

  private static func text(_ value: Double?) -> String {
    value?.formatted(decimals: 6) ?? "–"
  }
}
