import Experiments

/// How running experiments are watched.
public struct ExperimentSettings: Codable, Sendable, Equatable {
  /// Probability with which an experiment whose arms do no harm is ever stopped by a guardrail, however often it is looked
  /// at; above 0 and below 1.
  public var guardrailAlpha = 0.05
  /// Users that both arms need before a guardrail is looked at.
  public var guardrailUserCountMin = 100
  /// Pause between two looks, in seconds; 0 never looks.
  public var guardrailPauseSeconds = 60.0

  public init() {}

  var check: GuardrailCheck {
    var check = GuardrailCheck()
    check.alpha = guardrailAlpha
    check.userCountMin = guardrailUserCountMin
    return check
  }
}
