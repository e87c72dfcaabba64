import Ranking
import Statistics

/// One of the two windows of a ``PredictionShift``: what its examples are made of, seen by both models.
///
/// Its memory grows with the models' weights and not with the examples. A value type; not for use from two threads at once.
public struct ShiftWindow: Sendable {
  /// By the model before, then by the model after.
  let tallies: [WeightTally]
  private let logits: [NeumaierSum]
  private let probabilities: [NeumaierSum]
  /// Examples that a model gives probability 0 (a weight −∞): they have no logit to take the mean of, and are left out.
  public let excludedCount: Int
  /// Examples that were served by the model before, and by the model after.
  let servedCounts: [Int]

  /// Reads a window's examples.
  ///
  /// - parameter examples: calls its argument with each example's raw values, and the id of the model that served it.
  public init(
    before: Model, after: Model,
    examples: (
      _ add: (_ context: [String: String], _ attributes: [String: String], _ slot: Int, _ model: String) -> Void
    ) throws -> Void
  ) rethrows {
    let models = [before, after]
    var tallies = models.map(WeightTally.init)
    var logits = models.map { _ in NeumaierSum() }
    var probabilities = logits
    var servedCounts = [0, 0]
    var excludedCount = 0
    try examples { context, attributes, slot, model in
      let matches = tallies.map { $0.match(context: context, attributes: attributes, slot: slot) }
      guard matches.allSatisfy(\.logit.isFinite) else {
        excludedCount += 1
        return
      }
      for (side, match) in matches.enumerated() {
        tallies[side].add(match)
        logits[side].add(match.logit)
        probabilities[side].add(models[side].calibration.probability(logit: match.logit))
        servedCounts[side] += model == models[side].id ? 1 : 0
      }
    }
    (self.tallies, self.logits, self.probabilities) = (tallies, logits, probabilities)
    (self.servedCounts, self.excludedCount) = (servedCounts, excludedCount)
  }

  /// Examples that count.
  public var exampleCount: Int { tallies[0].exampleCount }

  /// Mean logit by the model before (0) or after (1); NaN without examples.
  func meanLogit(_ side: Int) -> Double { logits[side].value / Double(exampleCount) }

  /// Mean calibrated click probability, likewise.
  func meanProbability(_ side: Int) -> Double { probabilities[side].value / Double(exampleCount) }

  func servedShare(_ side: Int) -> Double { Double(servedCounts[side]) / Double(exampleCount) }
}
