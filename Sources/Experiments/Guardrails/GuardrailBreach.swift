/// That an arm makes a metric worse than its `harm_max` allows.
public struct GuardrailBreach: Sendable, Equatable {
  public let arm: String
  public let metric: String
  /// The metric in the control and in the arm.
  public let control: Double
  public let treatment: Double
  /// Users of both arms.
  public let userCount: Int
  public let harmMax: Double
  /// Error probability of the test, over all looks.
  public let alpha: Double

  /// What is told in the history.
  public var reason: String {
    let change = control == 0 ? "" : " (\(Text.change((treatment - control) / control.magnitude)))"
    return
      "guardrail \(metric): \(Text.number(treatment)) against \(Text.number(control)) of the control\(change) over "
      + "\(userCount) users is worse than harm_max \(harmMax) allows, surely at alpha \(Text.number(alpha)) however often looked"
  }
}
