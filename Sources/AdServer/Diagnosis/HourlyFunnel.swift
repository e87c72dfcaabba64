import Events
import Features
import Foundation
import GRDB
import Learning
import Monitoring

/// Reads the funnel of revenue by hour, context, model and slot from the store.
struct HourlyFunnel {
  /// One hour and combination of values.
  struct Part {
    let hour: UTCHour
    /// By dimension.
    let values: [String]
    var measures: RevenueMeasures
  }

  private let store: Store
  private let fields: [Field]
  /// How long after the full hour an hour begins.
  private let offset: Milliseconds
  /// Live traffic; what was imported where there is none.
  private let traffic: Traffic

  init(_ store: Store, fields: [Field], offset: Milliseconds = 0) throws {
    self.store = store
    self.fields = fields
    self.offset = offset
    traffic = try Self.hasLiveImpressions(store) ? .live : .history
  }

  var dimensions: [String] { fields.map(\.name) + ["model", "slot"] }

  /// Stands for the models that can't be compared with themselves.
  static let otherModels = "(other)"

  /// The model that served a part.
  func model(_ part: Part) -> String { part.values[fields.count] }

  /// The values of a part, with all models but `models` as one.
  func pooled(_ part: Part, keeping models: Set<String>) -> [String] {
    guard !models.contains(model(part)) else { return part.values }
    var values = part.values
    values[fields.count] = Self.otherModels
    return values
  }

  /// What was asked for and filled, as servers reported it.
  func requests(_ period: Range<Milliseconds>) throws -> [Part] {
    let sql = """
      SELECT time_ms, payload FROM control
      WHERE kind = \(EventKind.traffic.rawValue) AND time_ms >= ? AND time_ms < ? AND payload IS NOT NULL
      """
    let rows = try store.reader.read {
      try Row.fetchAll($0, sql: sql, arguments: [period.lowerBound, period.upperBound])
    }
    let decoder = JSONDecoder()
    return try rows.flatMap { row in
      let report = try decoder.decode(TrafficReport.self, from: Data((row[1] as String).utf8))
      return report.cells.flatMap { parts($0, hour: UTCHour(of: row[0] - offset)) }
    }
  }

  private func parts(_ cell: TrafficReport.Cell, hour: UTCHour) -> [Part] {
    let context = fields.map { cell.place.context[$0.name] ?? "" }
    return cell.slots.asked.indices.map { index in
      let filled = index < cell.slots.filled.count ? cell.slots.filled[index] : 0
      return Part(
        hour: hour, values: context + [cell.place.model, "\(index + 1)"],
        measures: RevenueMeasures(requests: Double(cell.slots.asked[index]), filled: Double(filled)))
    }
  }

  /// Impressions with the clicks of the same period: clicks that come after it would be missing from a period that has just
  /// ended, and so they don't count in any other.
  func impressions(_ period: Range<Milliseconds>) throws -> [Part] {
    let keys = fields.map { "json_extract(context, '$.\"\($0.name)\"')" }
    let columns =
      ["(impression.time_ms - \(offset)) / \(millisecondsPerHour)", "impression.model", "impression.slot"] + keys
    let sql = """
      SELECT \(columns.joined(separator: ", ")), count(*), total(ctr), count(click.id), total(click.price)
      FROM impression LEFT JOIN click ON click.decision = impression.decision AND click.slot = impression.slot
        AND click.impression_id = impression.id AND click.fate = 'joined' AND click.time_ms < ?
      WHERE impression.traffic = '\(traffic.rawValue)' AND impression.time_ms >= ? AND impression.time_ms < ?
      GROUP BY \((1...columns.count).map(String.init).joined(separator: ", "))
      """
    let rows = try store.reader.read {
      try Row.fetchAll($0, sql: sql, arguments: [period.upperBound, period.lowerBound, period.upperBound])
    }
    return rows.map { row in
      let context = fields.enumerated().map { $1.canonicalValue(row[$0 + 3] as String?) ?? "" }
      let sums = (columns.count..<columns.count + 4).map { row[$0] as Double }
      return Part(
        hour: UTCHour(hoursSince1970: row[0]), values: context + [row[1], "\(row[2] as Int)"],
        measures: RevenueMeasures(impressions: sums[0], clicks: sums[2], revenue: sums[3], predictedClicks: sums[1]))
    }
  }

  /// Times of the first and the last impression.
  func extent() throws -> ClosedRange<Milliseconds>? {
    let row = try store.reader.read { db in
      let sql = "SELECT time_ms FROM impression WHERE traffic = '\(traffic.rawValue)' ORDER BY time_ms"
      return (
        try Milliseconds.fetchOne(db, sql: sql + " LIMIT 1"), try Milliseconds.fetchOne(db, sql: sql + " DESC LIMIT 1")
      )
    }
    guard let first = row.0, let last = row.1 else { return nil }
    return first...last
  }

  private static func hasLiveImpressions(_ store: Store) throws -> Bool {
    let sql = "SELECT EXISTS (SELECT 1 FROM join_count WHERE traffic = 'live' AND kind = 'impression' AND count > 0)"
    return try store.reader.read { try Bool.fetchOne($0, sql: sql) ?? false }
  }
}
