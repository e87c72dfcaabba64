/// When an alert is raised, and whom it is sent to.
public struct AlertSettings: Codable, Sendable, Equatable {
  /// How long something must be out of the ordinary before its alert fires, in minutes.
  public var pendingMinutes = 5.0
  /// How long it must be as usual again before its alert is resolved, in minutes.
  public var resolvingMinutes = 15.0
  /// Deviations from the same time in past weeks, in standard errors, that are out of the ordinary.
  public var standardErrorsMin = 5.0
  /// Relative changes smaller than this are never told of.
  public var relativeChangeMin = 0.1
  /// Pause between two looks, in seconds; 0 never looks.
  public var pauseSeconds = 5.0
  /// Where alerts that fire or are resolved are sent to.
  public var webhook = WebhookSettings()

  public init() {}
}

/// An address that is told of something as JSON.
public struct WebhookSettings: Codable, Sendable, Equatable {
  /// Gets messages by POST over http or https; empty for nowhere.
  public var url = ""
  /// Messages that wait; newer ones are turned away and counted.
  public var queueCountMax = 100
  /// How often a message is sent before it is given up; the pauses double from a second on.
  public var attemptCountMax = 6
  /// How long an answer may take, in seconds.
  public var timeoutSeconds = 10.0

  public init() {}
}
