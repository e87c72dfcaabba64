/// Settings of a training from scratch.
public struct TrainingSettings: Codable, Sendable, Equatable {
  /// Hyper-parameters; the square penalty is that of one pass and counts once a pass, as the examples do. The intercept
  /// starts at the examples' own click rate or, when it is penalised, at 0: `priorCTR` is for learning online.
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

  /// How examples are chosen to be held out.
  public enum HoldOut: String, Codable, Sendable, CaseIterable {
    /// The latest: right for a log in order of time.
    case latest
    /// Drawn by their ids, always the same: right for files without a clock.
    case random
  }

  public init() {}

  /// Parts of a pass, each followed by a look at the weights.
  var partCount: Int { passCount > 1 ? 2 : 1 }

  /// - throws: ``LearningError/Code/invalidSetting`` that names what is outside its range.
  public func validate() throws(LearningError) {
    try ftrl.validate()
    guard passCount >= 1 else {
      throw LearningError(.invalidSetting, "passCount must be at least 1, but is \(passCount); change it")
    }
    guard holdOutShare >= 0, holdOutShare < 1 else {
      throw LearningError(.invalidSetting, "holdOutShare must lie in [0, 1), but is \(holdOutShare); change it")
    }
    guard exampleCountMax >= 1 else {
      throw LearningError(.invalidSetting, "exampleCountMax must be at least 1, but is \(exampleCountMax); change it")
    }
  }
}
