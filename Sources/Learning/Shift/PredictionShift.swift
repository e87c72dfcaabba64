import Features
import Ranking
import Statistics

/// Blame for a change of the mean prediction between two windows: data that moved, weights that moved, feature by feature.
///
/// Exact for every model of the system, since all are linear in the logit: of a factorization machine the products of
/// vectors are weights of crosses in its file. A value v with share s of the examples and weight w moves the mean logit by
/// Δs · (w₀ + w₁) / 2 for the data and Δw · (s₀ + s₁) / 2 for the weights; a value that a model has no weight for has 0.
public struct PredictionShift: Codable, Sendable, Equatable {
  /// A mean in both windows.
  public struct Mean: Codable, Sendable, Equatable {
    public let before: Double
    public let after: Double
    public let split: ShiftSplit
  }

  public let modelBefore: String
  public let modelAfter: String
  /// Examples of either window.
  public let exampleCountBefore: Int
  public let exampleCountAfter: Int
  /// Examples of either window that a model gives probability 0; they don't count.
  public let excludedCountBefore: Int
  public let excludedCountAfter: Int
  /// Share of the window before that its model served, and of the window after that its model served.
  public let servedShareBefore: Double
  public let servedShareAfter: Double
  /// Mean click probability as served: calibrated.
  public let probability: Mean
  /// Mean logit before calibration; its change is the sum over ``features`` and ``remainder``.
  public let logit: Mean
  /// What the features leave unexplained: rounding, about 1e-15.
  public let remainder: Double
  /// Bias, slots, fields and crosses, the most to blame first.
  public let features: [Feature]

  /// Values of a feature that are listed; the others are summed.
  public static let valueCountDefault = 5

  /// Splits the change between two windows that were read with the same models.
  ///
  /// - parameter valueCountMax: values of each feature that are listed, those most to blame.
  /// - throws: ``LearningError/Code/noExamples`` when a window is empty, ``LearningError/Code/otherSchema`` when the models
  ///   have different fields.
  public init(
    from before: ShiftWindow, to after: ShiftWindow, valueCountMax: Int = valueCountDefault
  ) throws(LearningError) {
    let models = before.tallies.map(\.model)
    guard models == after.tallies.map(\.model) else {
      throw LearningError(.otherSchema, "the two windows were read with different models; read both with the same")
    }
    guard models[0].schema.contextFields == models[1].schema.contextFields,
      models[0].schema.adFields == models[1].schema.adFields
    else {
      throw LearningError(
        .otherSchema, "'\(models[0].id)' and '\(models[1].id)' have different fields; compare models of one schema")
    }
    let windows = [before, after]
    guard windows.allSatisfy({ $0.exampleCount > 0 }) else {
      throw LearningError(
        .noExamples, "the window \(before.exampleCount == 0 ? "before" : "after") has no example; choose another")
    }
    (modelBefore, modelAfter) = (models[0].id, models[1].id)
    (exampleCountBefore, exampleCountAfter) = (before.exampleCount, after.exampleCount)
    (excludedCountBefore, excludedCountAfter) = (before.excludedCount, after.excludedCount)
    (servedShareBefore, servedShareAfter) = (before.servedShare(0), after.servedShare(1))
    let mean = { (mean: (ShiftWindow, Int) -> Double) in
      Mean(before: mean(before, 0), after: mean(after, 1), split: ShiftSplit { mean(windows[$0], $1) })
    }
    probability = mean { $0.meanProbability($1) }
    logit = mean { $0.meanLogit($1) }
    features = Feature.all(before, after, valueCountMax: valueCountMax)
    let explained = NeumaierSum(features.flatMap { [$0.split.data, $0.split.weights] })
    remainder = logit.after - logit.before - explained.value
  }
}
