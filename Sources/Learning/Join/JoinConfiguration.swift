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
  /// A click less than so long after its impression is no person's, when its sender told both times.
  public var clickDelayMillisecondsMin = 50
  /// Error of a sender's clock that is put up with: an event that comes before its impression by more, when its sender
  /// told one of the times, is impossible.
  public var clockSkewSeconds = 300.0
  /// How far event times may take the watermark ahead of the receive times. 0, unless time is simulated and passes faster
  /// than the clock.
  public var watermarkLeadSeconds = 0.0
  /// Pause between two checks of all billed clicks against the counted spend, by ``Joiner/health()``.
  public var auditSeconds = 60.0
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
    clickDelayMillisecondsMin =
      try values.decodeIfPresent(Int.self, forKey: .clickDelayMillisecondsMin) ?? clickDelayMillisecondsMin
    clockSkewSeconds = try seconds(.clockSkewSeconds, clockSkewSeconds)
    watermarkLeadSeconds = try seconds(.watermarkLeadSeconds, watermarkLeadSeconds)
    auditSeconds = try seconds(.auditSeconds, auditSeconds)
    healthWindowSeconds = try seconds(.healthWindowSeconds, healthWindowSeconds)
    stepEventCount = try values.decodeIfPresent(Int.self, forKey: .stepEventCount) ?? stepEventCount
  }

  var clickWindow: Milliseconds { Self.milliseconds(clickWindowSeconds) }
  var conversionWindow: Milliseconds { Self.milliseconds(conversionWindowSeconds) }
  /// Never longer than the window: then everything is settled anyway.
  var settleTime: Milliseconds { min(Self.milliseconds(settleSeconds), clickWindow) }
  var clickDelayMin: Milliseconds { Milliseconds(clickDelayMillisecondsMin) }
  var clockSkew: Milliseconds { Self.milliseconds(clockSkewSeconds) }
  var watermarkLead: Milliseconds { Self.milliseconds(watermarkLeadSeconds) }
  var auditPause: Milliseconds { Self.milliseconds(auditSeconds) }
  var healthWindow: Milliseconds { Self.milliseconds(healthWindowSeconds) }

  /// Longest span of a setting: 100 years.
  private static let secondsMax = 3.2e9

  private static func milliseconds(_ seconds: Double) -> Milliseconds {
    Milliseconds((seconds.isNaN ? 0 : min(max(seconds, 0), secondsMax)) * 1000)
  }
}
