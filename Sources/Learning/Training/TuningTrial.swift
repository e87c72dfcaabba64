/// Settings that were tried, and how well they predicted examples that weren't learnt.
public struct TuningTrial: Codable, Sendable, Equatable {
  public let model: ModelForm
  public let alpha: Double
  public let beta: Double
  public let l1: Double
  public let l2: Double
  public let passCount: Int
  public let sharesFrequencyWeights: Bool
  /// Crosses beyond those of the features file.
  public let crosses: [[String]]
  /// Nats an example.
  public let logLoss: Double
  /// Over the loss of always predicting the examples' own click rate.
  public let normalizedEntropy: Double

  init(_ settings: TrainingSettings, crosses: [[String]], logLoss: Double, entropy: Double) {
    model = settings.model
    alpha = settings.ftrl.alpha
    beta = settings.ftrl.beta
    l1 = settings.ftrl.l1
    l2 = settings.ftrl.l2
    passCount = settings.passCount
    sharesFrequencyWeights = settings.sharesFrequencyWeights
    self.crosses = crosses
    self.logLoss = logLoss
    normalizedEntropy = logLoss / entropy
  }
}
