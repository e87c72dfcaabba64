/// How long what is kept; those that a file leaves out keep their defaults. 0 days means for ever.
public struct RetentionSettings: Codable, Sendable, Equatable {
  /// Age at which whole UTC days of the log become `archive/DAY.ndjson.gz`.
  public var archiveAfterDays = 30.0
  /// Age at which single rows leave the views; the hourly and daily sums stay. Never less than events are accepted for, so
  /// that a late copy of a forgotten event can't count again.
  public var forgetAfterDays = 400.0
  /// Age at which archived days are deleted, once the views have forgotten them.
  public var deleteAfterDays = 400.0
  /// Bytes of log, archive and store together, beyond which the oldest archived days are deleted before their time; 0 for
  /// no limit.
  public var byteCountMax = 0
  /// Pause between two looks at all this.
  public var pauseSeconds = 300.0

  public init() {}
}
