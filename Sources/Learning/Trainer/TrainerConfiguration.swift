/// Settings of the background trainer.
public struct TrainerConfiguration: Codable, Sendable, Equatable {
  /// Pause between the start of two steps.
  public var refitSeconds = 30.0
  /// Hyper-parameters; a change makes the learner start afresh.
  public var ftrl = FTRLSettings()
  /// Features at most; later ones are left out and counted.
  public var coordinateCountMax = FeatureIndex.coordinateCountDefault
  /// Age from which impressions are learnt before their click window is over.
  public var provisionalAfterSeconds = 10.0
  /// Curve from the model's probability to the served one: automatic, identity, platt or isotonic.
  public var calibration = CalibrationFit.Choice.automatic
  /// How the predictions of live traffic are watched.
  public var live = LiveReviewConfiguration()
  /// Limits of the gate.
  public var gate = GateConfiguration()
  /// Examples that a candidate is compared with the current model on, the latest.
  public var comparisonExampleCountMax = 20_000
  /// Latest learnt examples on which the candidate's calibration is judged.
  public var latestExampleCount = 2000
  /// Examples whose predictions must survive the model's file unchanged.
  public var goldenCount = 64

  public init() {}
}
