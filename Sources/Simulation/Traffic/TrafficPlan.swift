import Events

/// How much traffic a run plays, of whom, and how fast.
public struct TrafficPlan: Sendable {
  /// The world's time at the beginning and the end.
  public var start: Milliseconds
  public var end: Milliseconds
  /// Page views on a mean day without growth, of people.
  public var viewsPerDay: Double
  /// Users that come back.
  public var userCount: Int
  /// Growth of the traffic a week, such as 0.01.
  public var growthPerWeek: Double
  /// Simulated seconds a second; `nil` plays as fast as the server answers.
  public var speed: Double?
  /// Share of the users for whose page views every ad's truth is looked at, to tell the regret.
  public var oracleShare: Double
  /// Shares of the impressions and clicks whose beacons are lost.
  public var lostBeaconShare: Double
  /// Ads of a page.
  public var slotCount: Int
  public var faults: FaultSchedule

  public init(
    start: Milliseconds, end: Milliseconds, viewsPerDay: Double = 100_000, userCount: Int = 20_000,
    growthPerWeek: Double = 0.01, speed: Double? = nil, oracleShare: Double = 0.05, lostBeaconShare: Double = 0.01,
    slotCount: Int = 2, faults: FaultSchedule = FaultSchedule()
  ) {
    self.start = start
    self.end = end
    self.viewsPerDay = viewsPerDay
    self.userCount = userCount
    self.growthPerWeek = growthPerWeek
    self.speed = speed
    self.oracleShare = oracleShare
    self.lostBeaconShare = lostBeaconShare
    self.slotCount = slotCount
    self.faults = faults
  }

  /// Page views of a visit, in the mean.
  static let viewsPerVisit = 2.0

  /// Mean visits a day of a user of usual activity.
  var visitsPerUserDay: Double { viewsPerDay / Self.viewsPerVisit / Double(max(1, userCount)) }
}
