import Events

/// What one step of the trainer did.
public struct TrainerReport: Sendable, Equatable {
  /// Closed examples learnt in this step.
  public var learntCount = 0
  /// Open impressions that the candidate learnt with their clicks so far.
  public var provisionalCount = 0
  /// The candidate, `nil` when there was nothing new or no model could be made.
  public var candidate: String?
  /// What the gate said; `nil` when there was nothing new.
  public var verdict: Gate.Verdict?
  /// The model that was taken back in this step because live traffic proved it wrong.
  public var rolledBack: String?
  /// Whether the candidate serves now.
  public var isPromoted = false
}

/// A probe's example as the trainer saw it: evaluated, never learnt.
public struct ProbeSighting: Sendable, Equatable {
  /// Decision of the probe, 32 hexadecimal digits.
  public let decision: String
  /// Click probability by the trainer's learner.
  public let prediction: Double
  /// Whether its click has arrived.
  public let label: Bool
  /// When it was seen.
  public let time: Milliseconds
}
