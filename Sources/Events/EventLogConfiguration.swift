/// Settings of the event log; those that a file leaves out keep their defaults.
public struct EventLogConfiguration: Codable, Sendable, Equatable {
  /// Bytes of events that may wait for the disk; more are turned away with ``EventLogError/busy(retryAfterSeconds:)``.
  public var queueByteCountMax = 32 << 20
  /// Bytes of events in one transaction; what waits beyond it is committed next.
  public var commitByteCountMax = 4 << 20
  /// Events whose duplicates the log recognises by itself: at least so many of the latest. 43 bytes of memory each.
  public var rememberedEventCount = 393_216
  /// Databases up to this size are read as a whole when they are opened, of larger ones the newest events.
  public var checkedByteCountMax = 256 << 20
  /// How long a commit waits for another process that writes the same log, in seconds.
  public var lockWaitSeconds = 5.0

  public init() {}

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    queueByteCountMax =
      try values.decodeIfPresent(Int.self, forKey: .queueByteCountMax) ?? queueByteCountMax
    commitByteCountMax =
      try values.decodeIfPresent(Int.self, forKey: .commitByteCountMax) ?? commitByteCountMax
    rememberedEventCount =
      try values.decodeIfPresent(Int.self, forKey: .rememberedEventCount) ?? rememberedEventCount
    checkedByteCountMax =
      try values.decodeIfPresent(Int.self, forKey: .checkedByteCountMax) ?? checkedByteCountMax
    lockWaitSeconds =
      try values.decodeIfPresent(Double.self, forKey: .lockWaitSeconds) ?? lockWaitSeconds
  }
}
