/// What one step of the join did.
public struct JoinProgress: Sendable, Equatable {
  /// Events read from the log.
  public var eventCount = 0
  /// Examples made.
  public var exampleCount = 0
  /// Offset of the last joined event.
  public var offset: Int64 = 0
  /// Whether nothing was left to do: no further event, and no window to close.
  public var isCaughtUp = false
}
