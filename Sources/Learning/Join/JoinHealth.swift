import Events

/// How well live events find each other: what the trainer looks at before it trusts the examples.
public struct JoinHealth: Sendable, Equatable, Codable {
  /// Live events received within the window, by kind and fate.
  public struct Counts: Sendable, Equatable, Codable {
    public var impressions = 0
    public var joinedClicks = 0
    public var lateClicks = 0
    public var orphanClicks = 0
    /// Late clicks that prove a closed label wrong.
    public var corrections = 0
    public var conversions = 0
    public var orphanConversions = 0
    /// Copies of impressions, clicks and conversions beyond the first.
    public var duplicates = 0
    /// Impressions, clicks and conversions that never count: of bots, expired or otherwise invalid.
    public var invalid = 0
  }

  /// An all-time counter.
  public struct Total: Sendable, Equatable, Codable {
    /// Empty for control events.
    public var traffic: String
    public var kind: String
    public var fate: String
    public var count: Int
  }

  public var counts = Counts()
  /// Share of clicks that found their impression, in time or late; 1 when there were none.
  public var coverage = 1.0
  /// Share of clicks whose impression hasn't come; 0 when there were none.
  public var orphanRate = 0.0
  /// Share of clicks that came too late; 0 when there were none.
  public var lateRate = 0.0
  /// Share of duplicates among all events; 0 when there were none.
  public var duplicateRate = 0.0
  /// Share of events that never count among all that are no duplicates; 0 when there were none.
  public var invalidRate = 0.0
  /// Time from impression to joined click, as the next power of 2 ms: median, 90 % and 99 %. `nil` without clicks.
  public var delayMilliseconds: Delay?
  /// How far the latest live event lies behind the clock; 0 before the first.
  public var watermarkLagMilliseconds: Milliseconds = 0
  /// Events of the log that aren't joined yet.
  public var lagEventCount = 0
  /// Impressions whose label isn't final.
  public var openImpressionCount = 0
  /// All-time counts by traffic, kind and fate.
  public var totals: [Total] = []

  public struct Delay: Sendable, Equatable, Codable {
    public var median: Milliseconds
    public var p90: Milliseconds
    public var p99: Milliseconds
  }
}
