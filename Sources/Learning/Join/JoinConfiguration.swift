import Events

/// Settings of the join; those that a file leaves out keep their defaults. A change is for the events to come: what was
/// joined before stays so until ``Joiner/rebuild()``.
public struct JoinConfiguration: Codable, Sendable, Equatable {
  /// A click joins an impression that lies at most so far from it, in event time.
  public var clickWindowSeconds = 1800.0
  /// A conversion joins an impression that lies at most so far from it, in event time.
  public var conversionWindowSeconds = 86_400.0
  /// An impression stays open at least so long after it was received, however old it is: time for events that were
  /// shuffled, retried or kept on a phone.
  public var settleSeconds = 60.0
  /// Span of ``Joiner/health()``, back from now.
  public var healthWindowSeconds = 3600.0
  /// Events that are joined in one transaction by ``Joiner/catchUp()``.
  public var stepEventCount = 4096

  public init() {}

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func seconds(_ key: CodingKeys, _ standard: Double) throws -> Double {
      try values.decodeIfPresent(Double.self, forKey: key) ?? standard
    }
    clickWindowSeconds = try seconds(.clickWindowSeconds, clickWindowSeconds)
    conversionWindowSeconds = try seconds(.conversionWindowSeconds, conversionWindowSeconds)
    settleSeconds = try seconds(.settleSeconds, settleSeconds)
    healthWindowSeconds = try seconds(.healthWindowSeconds, healthWindowSeconds)
    stepEventCount = try values.decodeIfPresent(Int.self, forKey: .stepEventCount) ?? stepEventCount
  }

  var clickWindow: Milliseconds { Self.milliseconds(clickWindowSeconds) }
  var conversionWindow: Milliseconds { Self.milliseconds(conversionWindowSeconds) }
  /// Never longer than the window: then everything is settled anyway.
  var settleTime: Milliseconds { min(Self.milliseconds(settleSeconds), clickWindow) }
  var healthWindow: Milliseconds { Self.milliseconds(healthWindowSeconds) }

  /// Longest span of a setting: 100 years.
  private static let secondsMax = 3.2e9

  private static func milliseconds(_ seconds: Double) -> Milliseconds {
    Milliseconds((seconds.isNaN ? 0 : min(max(seconds, 0), secondsMax)) * 1000)
  }
}
