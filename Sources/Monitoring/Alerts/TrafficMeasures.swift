/// What happened in one step of a ``TrafficSeries``. All are of live traffic and by the time at which they happened.
public struct TrafficMeasures: Sendable, Codable, Equatable {
  public var requests = 0.0
  /// Slots that requests asked for, and those that got an ad.
  public var asked = 0.0
  public var filled = 0.0
  public var impressions = 0.0
  /// Clicks that found their impression, what they cost, and the sum of the squares of that.
  public var clicks = 0.0
  public var revenue = 0.0
  public var squaredPrices = 0.0
  /// Clicks without an impression.
  public var orphans = 0.0
  /// Impressions and clicks that never count.
  public var invalid = 0.0

  public init() {}

  static func += (sum: inout Self, next: Self) {
    sum.requests += next.requests
    sum.asked += next.asked
    sum.filled += next.filled
    sum.impressions += next.impressions
    sum.clicks += next.clicks
    sum.revenue += next.revenue
    sum.squaredPrices += next.squaredPrices
    sum.orphans += next.orphans
    sum.invalid += next.invalid
  }
}
