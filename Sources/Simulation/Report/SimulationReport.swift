import Events

/// What a run brought, beside what the world knows to be true and possible.
public struct SimulationReport: Codable, Sendable {
  /// The world's time, ISO 8601.
  public var start: String
  public var end: String
  /// Time that the run took.
  public var seconds: Double
  public var viewsPerSecond: Double
  public var total: TrafficCounts
  public var summary: Summary
  /// By hour since the beginning.
  public var hours: [TrafficCounts]
  public var key: FaultKey

  /// The numbers by which a run is judged; regrets and worths are means a request of the sampled page views.
  public struct Summary: Codable, Sendable {
    public var fill: Double?
    public var ctr: Double?
    public var revenuePerMille: Double?
    /// Predicted over true clicks of all, and of the last quarter.
    public var calibration: Double?
    public var latestCalibration: Double?
    /// Regret a request in the first hour with traffic, and in the last six (or quarter of the) hours.
    public var firstHourRegret: Double?
    public var latestRegret: Double?
    /// Expected revenue over that of random ads at their full bids, of all and of the latest hours.
    public var revenueOverRandom: Double?
    public var latestRevenueOverRandom: Double?
    /// Value (bid × true probability) over that of the best choice by what the schema's fields tell.
    public var valueOverReachable: Double?
    public var latestValueOverReachable: Double?
    /// Expected revenue over that of the same choice at its second prices.
    public var revenueOverReachable: Double?
    public var latestRevenueOverReachable: Double?
    /// The same against the choice that knows everything of the user.
    public var latestValueOverBest: Double?
  }

  init(plan: TrafficPlan, hours: [TrafficCounts], seconds: Double, key: FaultKey) {
    start = TimeText.string(plan.start)
    end = TimeText.string(plan.end)
    self.seconds = seconds
    self.hours = hours
    self.key = key
    total = hours.reduce(into: TrafficCounts()) { $0.add($1) }
    viewsPerSecond = ratio(Double(total.requests), seconds) ?? 0
    summary = Summary(total: total, first: hours.first { $0.comparison.requests > 0 }, latest: Self.latest(hours))
  }

  /// The sum of the last quarter of the hours, at most six.
  private static func latest(_ hours: [TrafficCounts]) -> TrafficCounts {
    hours.suffix(min(6, max(1, hours.count / 4))).reduce(into: TrafficCounts()) { $0.add($1) }
  }
}

extension SimulationReport.Summary {
  init(total: TrafficCounts, first: TrafficCounts?, latest: TrafficCounts) {
    let (all, late) = (total.comparison, latest.comparison)
    fill = total.fill
    ctr = total.ctr
    revenuePerMille = total.revenuePerMille
    calibration = total.calibration
    latestCalibration = latest.calibration
    firstHourRegret = first?.comparison.regret
    latestRegret = late.regret
    revenueOverRandom = ratio(all.own.revenue, all.random.revenue)
    latestRevenueOverRandom = ratio(late.own.revenue, late.random.revenue)
    valueOverReachable = ratio(all.own.value, all.reachable.value)
    latestValueOverReachable = ratio(late.own.value, late.reachable.value)
    revenueOverReachable = ratio(all.own.revenue, all.reachable.revenue)
    latestRevenueOverReachable = ratio(late.own.revenue, late.reachable.revenue)
    latestValueOverBest = ratio(late.own.value, late.best.value)
  }
}
