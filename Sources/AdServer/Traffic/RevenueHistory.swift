import Events
import Features
import Foundation
import GRDB
import Learning
import Monitoring

/// Revenue by hour and segment, as the store knows it, for a diagnosis.
///
/// The unit of the funnel is a slot that was asked for: filled, seen, clicked, paid. Where a compared window has no report
/// of requests, such as one that was imported, the funnel begins at the impressions.
public struct RevenueHistory {
  private let store: Store
  private let fields: [Field]

  /// Hours before the window, from which each day's own level is learnt.
  private static let hoursBefore = 3
  /// Days that the window is compared with, counted back.
  private static let referenceDays = [21, 14, 7]

  public init(_ system: AdSystem) {
    store = system.store
    fields = system.schema.contextFields
  }

  /// Diagnoses the last `lastHours` full hours before now against the same hours one, two and three weeks earlier.
  ///
  /// - throws: `DiagnosisError` when the store doesn't reach back so far.
  public func diagnosis(lastHours: Int, now: Milliseconds = WallClock.now()) throws -> DiagnosisReport {
    let end = UTCHour(hoursSince1970: Int(now / millisecondsPerHour))
    let start = end + -lastHours
    let spans = (Self.referenceDays + [0]).map { days in
      Span(start: start + -(days * 24 + Self.hoursBefore), end: end + -(days * 24))
    }
    let requests = try spans.map(requestRows)
    let impressions = try spans.map(impressionRows)
    var table = RevenueTable(dimensions: fields.map(\.name) + ["model", "slot"])
    let isWhole = requests.allSatisfy { !$0.isEmpty }
    for row in impressions.joined() {
      var row = row
      if !isWhole {
        row.measures.requests = row.measures.impressions
        row.measures.filled = row.measures.impressions
      }
      try table.append(hour: row.hour, values: row.values, measures: row.measures)
    }
    for row in requests.joined() where isWhole {
      try table.append(hour: row.hour, values: row.values, measures: row.measures)
    }
    return try Diagnosis.run(
      table, windowStart: start, windowEnd: end, referenceDays: Self.referenceDays.map { (start + -$0 * 24).startOfDay }
    )
  }

  /// Hours from `start` until before `end`.
  private struct Span {
    let start: UTCHour
    let end: UTCHour

    var bounds: StatementArguments {
      [
        Milliseconds(start.hoursSince1970) * millisecondsPerHour,
        Milliseconds(end.hoursSince1970) * millisecondsPerHour,
      ]
    }
  }

  private struct HourRow {
    let hour: UTCHour
    /// By dimension.
    let values: [String]
    var measures: RevenueMeasures
  }

  private func requestRows(_ span: Span) throws -> [HourRow] {
    let sql = """
      SELECT time_ms, payload FROM control WHERE kind = \(EventKind.traffic.rawValue) AND time_ms >= ? AND time_ms < ?
      """
    let rows = try store.reader.read { try Row.fetchAll($0, sql: sql, arguments: span.bounds) }
    let decoder = JSONDecoder()
    return try rows.flatMap { row in
      let report = try decoder.decode(TrafficReport.self, from: Data((row[1] as String).utf8))
      return report.cells.flatMap { hourRows($0, at: row[0]) }
    }
  }

  private func hourRows(_ cell: TrafficReport.Cell, at time: Milliseconds) -> [HourRow] {
    let hour = UTCHour(hoursSince1970: Int(time / millisecondsPerHour))
    let context = fields.map { cell.place.context[$0.name] ?? "" }
    return cell.slots.asked.indices.map { index in
      let filled = index < cell.slots.filled.count ? cell.slots.filled[index] : 0
      return HourRow(
        hour: hour, values: context + [cell.place.model, "\(index + 1)"],
        measures: RevenueMeasures(requests: Double(cell.slots.asked[index]), filled: Double(filled)))
    }
  }

  private func impressionRows(_ span: Span) throws -> [HourRow] {
    let keys =
      fields.map { "coalesce(json_extract(context, '$.\"\($0.name)\"'), '')" } + [
        "impressions.model", "CAST(impressions.slot AS TEXT)",
      ]
    let sql = """
      SELECT impressions.time_ms / \(millisecondsPerHour), \(keys.joined(separator: ", ")), count(*), total(ctr),
        count(clicks.id), total(clicks.price)
      FROM impressions LEFT JOIN clicks ON clicks.impression_id = impressions.id AND clicks.fate = 'joined'
      WHERE impressions.traffic = 'live' AND impressions.time_ms >= ? AND impressions.time_ms < ?
      GROUP BY \((1...(keys.count + 1)).map(String.init).joined(separator: ", "))
      """
    let rows = try store.reader.read { try Row.fetchAll($0, sql: sql, arguments: span.bounds) }
    return rows.map { row in
      let context = fields.enumerated().map { $1.canonicalValue(row[$0 + 1] as String?) ?? "" }
      let rest = (fields.count..<keys.count).map { row[$0 + 1] as String? ?? "" }
      return HourRow(
        hour: UTCHour(hoursSince1970: row[0]), values: context + rest,
        measures: RevenueMeasures(
          impressions: row[keys.count + 1], clicks: row[keys.count + 3], revenue: row[keys.count + 4],
          predictedClicks: row[keys.count + 2]))
    }
  }
}

private let millisecondsPerHour: Milliseconds = 3_600_000
