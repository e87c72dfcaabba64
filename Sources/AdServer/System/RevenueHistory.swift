import Events
import Features
import Foundation
import GRDB
import Learning
import Monitoring

/// Revenue by hour and segment, as the store knows it, for a diagnosis.
///
/// What isn't shown leaves no impression, so here the funnel begins at the impressions: a loss of requests, of fill and of
/// rendering all show as fewer impressions, under the factor requests.
public struct RevenueHistory {
  private let system: AdSystem
  private let dimensions: [String]

  /// Hours before the window, from which each day's own level is learnt.
  private static let hoursBefore = 3
  /// Days that the window is compared with, counted back.
  private static let referenceDays = [21, 14, 7]
  private static let millisecondsPerHour: Milliseconds = 3_600_000

  public init(_ system: AdSystem) {
    self.system = system
    dimensions = system.schema.contextFields.map(\.name) + ["model", "slot"]
  }

  /// Diagnoses the last `lastHours` full hours before now against the same hours one, two and three weeks earlier.
  ///
  /// - throws: `DiagnosisError` when the store doesn't reach back so far.
  public func diagnosis(lastHours: Int, now: Milliseconds = WallClock.now()) throws -> DiagnosisReport {
    let end = UTCHour(hoursSince1970: Int(now / Self.millisecondsPerHour))
    let start = end + -lastHours
    var table = RevenueTable(dimensions: dimensions)
    for days in Self.referenceDays + [0] {
      try append(from: start + -(days * 24 + Self.hoursBefore), to: end + -(days * 24), to: &table)
    }
    return try Diagnosis.run(
      table, windowStart: start, windowEnd: end, referenceDays: Self.referenceDays.map { (start + -$0 * 24).startOfDay }
    )
  }

  private func append(from: UTCHour, to: UTCHour, to table: inout RevenueTable) throws {
    let fields = system.schema.contextFields.map { field in
      "coalesce(json_extract(context, '$.\"\(field.name)\"'), '')"
    }
    let keys = fields + ["impressions.model", "impressions.slot"]
    let sql = """
      SELECT impressions.time_ms / \(Self.millisecondsPerHour), \(keys.joined(separator: ", ")), count(*), total(ctr),
        count(clicks.id), total(clicks.price)
      FROM impressions LEFT JOIN clicks ON clicks.impression_id = impressions.id AND clicks.fate = 'joined'
      WHERE impressions.traffic = 'live' AND impressions.time_ms >= ? AND impressions.time_ms < ?
      GROUP BY \((1...(keys.count + 1)).map(String.init).joined(separator: ", "))
      """
    let bounds = [from, to].map { Milliseconds($0.hoursSince1970) * Self.millisecondsPerHour }
    let rows = try system.store.reader.read { try Row.fetchAll($0, sql: sql, arguments: StatementArguments(bounds)) }
    for row in rows {
      let values = (1...keys.count).map { row[$0] as String? ?? "" }
      let impressions: Double = row[keys.count + 1]
      try table.append(
        hour: UTCHour(hoursSince1970: row[0]), values: values,
        measures: RevenueMeasures(
          requests: impressions, filled: impressions, impressions: impressions, clicks: row[keys.count + 3],
          revenue: row[keys.count + 4], predictedClicks: row[keys.count + 2]))
    }
  }
}
