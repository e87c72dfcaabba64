import Events

/// What the registry knows about a model: one row of the `models` view.
public struct ModelRecord: Codable, Sendable, Equatable {
  /// Where a model stands.
  public enum State: String, Codable, Sendable, CaseIterable {
    /// Registered, never served so far, or refused by the gate.
    case candidate
    /// A candidate that scores live traffic without serving it.
    case shadow
    /// The one that serves.
    case live
    /// It served before.
    case retired
    /// Its file was deleted to keep the registry within ``ModelRegistry/modelCountMax``.
    case removed
  }

  public let id: String
  /// When it was made.
  public let created: Milliseconds
  /// SHA-256 of the features file it was trained with.
  public let featuresSHA256: String
  /// SHA-256 of its file.
  public let sha256: String
  public internal(set) var state: State
  /// Why it is in this state: the gate's refusal, or what a person said.
  public internal(set) var reason: String
  /// What the gate refused it for; `nil` when it didn't.
  public internal(set) var refusal: Gate.Refusal?
  /// How far the examples had been reviewed when the gate judged it.
  public internal(set) var review: ReviewMark?
  /// Quality when it was made; `nil` when it came from elsewhere.
  public let metrics: EvaluationReport?
  /// Where it comes from; `nil` when it came from elsewhere.
  public let lineage: Lineage?

  enum CodingKeys: String, CodingKey {
    case id, sha256, state, reason, refusal, review, metrics, lineage
    case created = "created_ms"
    case featuresSHA256 = "features_sha256"
  }
}

/// One line of the serving history: from here on this model served.
public struct Deployment: Sendable, Equatable, Codable {
  /// What happened.
  public enum Action: String, Codable, Sendable {
    case promoted
    case rolledBack = "rolled_back"
  }

  /// Place in the log.
  public let offset: Int64
  public let time: Milliseconds
  public let model: String
  public let action: Action
  public let reason: String
  /// Who did it: ``ModelRegistry/trainerName``, or a person.
  public let who: String
}
