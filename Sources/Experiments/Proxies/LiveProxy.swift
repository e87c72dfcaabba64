import Events
import GRDB
import Statistics

/// Whether CTR still goes up and down with revenue per thousand impressions: the last week, hour by hour.
public struct LiveProxy: Sendable, Equatable {
  /// Pearson's correlation of what is left without the hour of the day and the trend, in [−1, 1]; 1 at most when clicks all
  /// cost the same. `nil` when CTR or revenue doesn't vary.
  public let correlation: Double?
  /// Whole hours with enough impressions.
  public let hourCount: Int

  /// The span that is looked at.
  public static let hourCountMax = 168
  /// Fewer hours show no correlation.
  public static let hourCountMin = 24

  /// Reads the store's hourly sums of live traffic, at most a few thousand rows; the hour that is under way doesn't count.
  public init(in database: Database) throws {
    let last = try Milliseconds.fetchOne(
      database, sql: "SELECT max(hour_ms) FROM hourly WHERE traffic = 'live' AND impressions > 0")
    let end = last ?? 0
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT hour_ms, sum(impressions), sum(clicks), sum(revenue) FROM hourly
        WHERE traffic = 'live' AND hour_ms >= ? AND hour_ms < ? GROUP BY 1 HAVING sum(impressions) >= ?
        """,
      arguments: [end - Milliseconds(Self.hourCountMax) * .hour, end, ProxyOptions.impressionCountMin])
    let hours = rows.map { row in
      (row[0] / Milliseconds.hour, Hour(ctr: row[2] / row[1], revenue: 1000 * row[3] / row[1]))
    }
    self.init(Dictionary(uniqueKeysWithValues: hours))
  }

  struct Hour {
    let ctr: Double
    let revenue: Double
  }

  init(_ hours: [Int64: Hour]) {
    hourCount = hours.count
    guard hours.count >= Self.hourCountMin else {
      correlation = nil
      return
    }
    let series = BucketSeries(hours, [{ $0.ctr }, { $0.revenue }])
    let rest = series.adjusted(season: ProxyOptions.Bucket.hour.seasonCount)
    correlation = Association.pearson(rest.columns[0], rest.columns[1])
  }
}
