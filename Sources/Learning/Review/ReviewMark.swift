import Events

/// How far the examples have been reviewed, kept with the candidate they were reviewed for.
public struct ReviewMark: Codable, Sendable, Equatable {
  /// Closed examples with ids up to here, and impressions with ids up to here.
  public var example: Int64 = 0
  public var impression: Int64 = 0
  /// What was wrong when it was last looked; `nil` when nothing was. It stays until enough newer examples are in order.
  public var refusal: Gate.Refusal?
  public var words: String?
  /// Where it was wrong, when the examples there shouldn't be learnt.
  public var stretch: Stretch?

  public init() {}

  /// Closed examples of a stretch of time.
  public struct Stretch: Codable, Sendable, Equatable {
    /// Ids of the first and the last.
    public let firstExample: Int64
    public let lastExample: Int64
    /// Times of the first and the last.
    public let start: Milliseconds
    public let end: Milliseconds

    /// Whether an example lies in it.
    func contains(id: Int64, time: Milliseconds) -> Bool {
      id >= firstExample && id <= lastExample && time >= start && time <= end
    }
  }
}
