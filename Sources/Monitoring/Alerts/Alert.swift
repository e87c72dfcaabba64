/// Something that is out of the ordinary, at one moment of its life.
public struct Alert: Sendable, Codable, Equatable {
  public enum State: String, Sendable, Codable {
    /// Out of the ordinary, but not yet for long enough.
    case pending
    case firing
    /// As usual again, after it fired.
    case resolved
    /// As usual again before it fired.
    case cleared

    public var isActive: Bool { self == .pending || self == .firing }
  }

  /// What it is about; at most one alert of a name is active.
  public let name: String
  public let state: State
  /// Milliseconds since 1970 UTC when it was first seen.
  public let since: Int64
  /// Likewise, when it came into this state.
  public let time: Int64
  /// Why, in words.
  public let reason: String

  public init(name: String, state: State, since: Int64, time: Int64, reason: String) {
    (self.name, self.state, self.since, self.time, self.reason) = (name, state, since, time, reason)
  }
}
