import Ranking

/// What the gate looks at.
public struct GateEvidence: Sendable {
  /// The candidate as it was made, and as its file reads back; `nil` when the file can't be read.
  public var candidate: Model
  public var reloaded: Model?
  /// Health of the join over its window; `nil` when it isn't known.
  public var health: JoinHealth?
  /// Examples that the candidate learnt, provisional ones included.
  public var exampleCount: Int
  /// Examples that the current model learnt; `nil` when it didn't learn from this store.
  public var currentExampleCount: Int?
  /// How far the examples were reviewed, and what is wrong with them; `nil` when they weren't.
  public var review: ReviewMark?
  /// Whether a person made the current model serve: then the candidate must show that it is as good.
  public var mustCompare: Bool
  /// Candidate against current model, on examples that neither had learnt when it predicted them.
  public var comparison: PairedComparison
  /// Clicks among the latest examples that the candidate learnt, and clicks that it predicts for them an observed one.
  public var recentClickCount: Int
  public var calibrationRatio: Double?
  /// Examples whose predictions must be the same before and after reloading.
  public var goldens: [Example]
}
