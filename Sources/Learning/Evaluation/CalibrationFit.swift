import Ranking
import Statistics

/// Chooses and fits the curve from a model's probability to the served one.
public enum CalibrationFit {
  /// Which curve.
  public enum Choice: String, Codable, Sendable, CaseIterable {
    /// Whichever has the least log loss on held-out predictions; a more flexible one must be surely better.
    case automatic
    case identity
    case platt
    case isotonic
  }

  /// Standard errors by which a more flexible curve must be better.
  private static let errorCountMin = 2.0

  /// The curve for predictions and what happened, oldest first.
  ///
  /// To choose, curves are fitted on the first half and compared on the second; the chosen one is fitted on all. All
  /// increase strictly between the least and the largest fitted value, so the order of ads stays.
  public static func calibration(labels: [Bool], predictions: [Double], choice: Choice) -> Calibration {
    let chosen = choice == .automatic ? best(labels: labels, predictions: predictions) : choice
    return fit(labels: labels, predictions: predictions, chosen)
  }

  private static func best(labels: [Bool], predictions: [Double]) -> Choice {
    let half = labels.count / 2
    let (oldLabels, oldPredictions) = (Array(labels.prefix(half)), Array(predictions.prefix(half)))
    var best = (choice: Choice.identity, curve: Calibration.identity)
    for choice in [Choice.platt, .isotonic] {
      let curve = fit(labels: oldLabels, predictions: oldPredictions, choice)
      guard curve != best.curve else { continue }
      var comparison = PairedComparison()
      for row in half..<labels.count {
        comparison.add(
          label: labels[row], first: curve.probability(predictions[row]),
          second: best.curve.probability(predictions[row])
        )
      }
      let error = comparison.standardError ?? .infinity
      if comparison.meanDifference < -errorCountMin * error { best = (choice, curve) }
    }
    return best.choice
  }

  private static func fit(labels: [Bool], predictions: [Double], _ choice: Choice) -> Calibration {
    switch choice {
    case .automatic, .identity: return .identity
    case .platt: return PlattFit.calibration(labels: labels, predictions: predictions)
    case .isotonic: return isotonic(labels: labels, predictions: predictions)
    }
  }

  /// Points in the middle of each step, so that the curve rises everywhere; the identity when there is too little.
  private static func isotonic(labels: [Bool], predictions: [Double]) -> Calibration {
    let clicks = labels.count { $0 }
    guard labels.count >= PlattFit.exampleCountMin, clicks >= PlattFit.clickCountMin,
      labels.count - clicks >= PlattFit.clickCountMin
    else { return .identity }
    let steps = RankedExamples(labels: labels, scores: predictions)?.isotonicSteps ?? []
    let middles = steps.map { Calibration.Point(x: ($0.lowestScore + $0.highestScore) / 2, y: $0.value) }
    let points = middles.filter { point in
      let isInside = point.x > 0 && point.x < 1
      return isInside && point.y > 0 && point.y < 1
    }
    guard points.count > 1, points.count <= Calibration.Limits.pointCountMax else { return .identity }
    return .isotonic(points)
  }
}
