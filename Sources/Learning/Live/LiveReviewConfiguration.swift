/// How the predictions of live traffic are watched.
public struct LiveReviewConfiguration: Codable, Sendable, Equatable {
  /// Latest live impressions with a known label that are looked at.
  public var exampleCountMax = 10_000
  /// Predictions among them that are computed anew.
  public var skewSampleCount = 200
  /// Share of them that the shadow model, if there is one, scores too, in [0, 1].
  public var shadowShare = 1.0
  /// Whether a live model that is far off makes room for the one before.
  public var rollsBack = true
  /// Impressions since its deployment below which a model isn't judged.
  public var impressionCountMin = 1000
  /// Predicted clicks an observed one.
  public var calibrationRatioMin = 0.5
  public var calibrationRatioMax = 2.0
  /// Standard errors between predicted and observed clicks.
  public var errorCountMin = 5.0

  public init() {}
}
