import Events

/// A past decision made again: what its token says of one ad, beside what comes out now.
public struct Replay: Codable, Sendable, Equatable {
  /// Id of the decision.
  public var decision: String
  /// When it was made, in milliseconds since 1970 UTC.
  public var time: Milliseconds
  public var ad: String
  public var slot: Int
  /// Every value of the token that can be made again.
  public var values: [Value]
  /// Why values differ, in words, with what to do; empty when none does.
  public var causes: [String]

  /// Whether all is as it was, to the last bit.
  public var isEqual: Bool { values.allSatisfy(\.isEqual) }

  /// One value then and now.
  public struct Value: Codable, Sendable, Equatable {
    public var name: String
    public var then: String
    /// `nil` when it can't be made again.
    public var now: String?

    public var isEqual: Bool { then == now }
  }

  mutating func add(_ name: String, _ then: some CustomStringConvertible, _ now: (some CustomStringConvertible)?) {
    values.append(Value(name: name, then: then.description, now: now?.description))
  }
}
