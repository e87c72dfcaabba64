/// Settings of a training from scratch.
public struct TrainingSettings: Codable, Sendable, Hashable {
  /// Which kind of model.
  public var model = ModelForm.ftrl
  /// Hyper-parameters; the square penalty is that of one pass and counts once a pass, as the examples do. The intercept
  /// starts at the click rate of the examples and of ``priorExampleCount`` more with the prior CTR, or at 0 when it is
  /// penalised.
  public var ftrl = FTRLSettings()
  /// Passes over the examples, at least 1. The weights are the mean of those in the middle and at the end of each pass;
  /// a single pass ends with its last weights, as in reference implementations.
  public var passCount = 6
  /// Whether every pass goes in a new random order. Otherwise the latest examples weigh most.
  public var shuffles = true
  /// Seed of the order.
  public var seed: UInt64 = 1
  /// Which examples the quality is measured on.
  public var holdOut = HoldOut.latest
  /// Share of the examples that are held out, in [0, 1); 0 measures nothing.
  public var holdOutShare = 0.1
  /// Examples kept in memory at most; the oldest are left out. About 100 bytes each.
  public var exampleCountMax = 50_000_000
  /// Examples that a feature must be seen in to get a weight, at least 1.
  public var admissionCountMin = 1
  /// Share of the examples without click that are learnt, in (0, 1], each counting for as many as it stands for. They are
  /// drawn by the seed. Nothing progressive is measured below 1.
  public var negativeShare = 1.0
  /// Whether features share a weight with those of the same fields that are seen about as often: what rare and new values
  /// have in common. It becomes part of their own weights.
  public var sharesFrequencyWeights = false
  /// Crosses that the form `ftrl+crosses` may add, at least 0.
  public var crossCountMax = 12
  /// The vectors of the form `fm`.
  public var factors = FactorSettings()
  /// Time that choosing settings may take, above 0; what is best by then is taken. A trial under way is finished.
  public var tuningSecondsMax = 900.0

  /// How examples are chosen to be held out.
  public enum HoldOut: String, Codable, Sendable, CaseIterable {
    /// The latest: right for a log in order of time.
    case latest
    /// Drawn by their ids, always the same: right for files without a clock.
    case random
  }

  /// Examples that the prior CTR counts for where the intercept starts.
  static let priorExampleCount = 10

  public init() {}

  /// Parts of a pass, each followed by a look at the weights.
  var partCount: Int { passCount > 1 ? 2 : 1 }

  /// - throws: ``LearningError/Code/invalidSetting`` that names what is outside its range.
  public func validate() throws(LearningError) {
    try ftrl.validate()
    try factors.validate()
    guard passCount >= 1 else { throw Self.invalid("passCount must be at least 1, but is \(passCount)") }
    guard holdOutShare >= 0, holdOutShare < 1 else {
      throw Self.invalid("holdOutShare must lie in [0, 1), but is \(holdOutShare)")
    }
    guard exampleCountMax >= 1 else {
      throw Self.invalid("exampleCountMax must be at least 1, but is \(exampleCountMax)")
    }
    guard admissionCountMin >= 1 else {
      throw Self.invalid("admissionCountMin must be at least 1, but is \(admissionCountMin)")
    }
    guard negativeShare > 0, negativeShare <= 1 else {
      throw Self.invalid("negativeShare must lie in (0, 1], but is \(negativeShare)")
    }
    guard tuningSecondsMax > 0 else {
      throw Self.invalid("tuningSecondsMax must be above 0, but is \(tuningSecondsMax)")
    }
    guard crossCountMax >= 0 else { throw Self.invalid("crossCountMax must be at least 0, but is \(crossCountMax)") }
  }

  private static func invalid(_ reason: String) -> LearningError {
    LearningError(.invalidSetting, "\(reason); change it")
  }
}
