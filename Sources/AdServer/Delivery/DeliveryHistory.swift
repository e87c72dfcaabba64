import Catalog
import Events
import Foundation
import GRDB
import Learning
import Ranking

/// What the store knows of past spending: from it the ledger is filled when a process starts, so that a crash loses nothing.
///
/// Spent is what live clicks cost that are joined or still wait for their impression, and what live impressions cost.
struct DeliveryHistory {
  let store: Store

  /// Impressions that are looked at, the newest ones, for the traffic curve and for frequency caps.
  private static let impressionCountMax: Int64 = 1_000_000
  /// Days of traffic that make the curve.
  private static let curveDays: Milliseconds = 7
  private static let millisecondsPerDay: Milliseconds = 86_400_000

  /// Fills those campaigns of `map` that the ledger meets for the first time, with what was received before it met them.
  func restore(_ ledger: CampaignLedger, _ map: CampaignMap, _ catalog: LiveCatalog, now: Milliseconds) throws {
    let rows = map.takeFreshRows()
    guard !rows.isEmpty else { return }
    try store.reader.read { db in
      let clicks = "FROM click WHERE traffic = 'live' AND fate IN ('joined', 'orphan')"
      let day = ledger.day
      let since = rows.lazy.map { map.chargedSince($0) }.min() ?? .max
      func restore(_ kind: EventKind, _ from: String) throws {
        let costs = try Row.fetchCursor(
          db,
          sql: """
            SELECT ad, experiments, total(price) FILTER (WHERE received_ms >= :day), total(price),
              total(price) FILTER (WHERE received_ms >= :day AND received_ms >= :split),
              total(price) FILTER (WHERE received_ms >= :split), iif(received_ms < :since, 0, received_ms) AS late
            \(from) GROUP BY ad, experiments, late
            """, arguments: ["day": day.start, "split": map.splitSince, "since": since])
        while let cost = try costs.next() {
          guard let row = catalog.row(id: cost[0]), rows.contains(row), cost[6] < map.chargedSince(row) else {
            continue
          }
          ledger.restore(
            kind, PastSpending(today: cost[2], total: cost[3], splitToday: cost[4], splitTotal: cost[5]),
            experiments: Self.arms(cost[1]), row: row, in: map)
        }
      }
      try restore(.click, clicks)
      if map.billsImpressions { try restore(.impression, "FROM impression WHERE traffic = 'live'") }
      guard let seconds = map.capSecondsMax else { return }
      let seen = try Row.fetchCursor(
        db,
        sql: """
          SELECT user, ad, received_ms FROM impression WHERE id > (SELECT max(id) - ? FROM impression)
            AND traffic = 'live' AND received_ms > ? ORDER BY id
          """, arguments: [Self.impressionCountMax, now - Milliseconds(seconds) * 1000])
      while let impression = try seen.next() {
        let received: Milliseconds = impression[2]
        guard let row = catalog.row(id: impression[1]), rows.contains(row), received < map.chargedSince(row) else {
          continue
        }
        ledger.restoreImpression(user: impression[0], received: received, row: row, in: map)
      }
    }
  }

  /// The traffic by hour of the day over the last week; flat before there is a day of it.
  func curve(now: Milliseconds, in zone: TimeZone) throws -> TrafficCurve {
    let hours = try store.reader.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT received_ms / 3600000, count(*) FROM impression WHERE id > (SELECT max(id) - ? FROM impression)
            AND traffic = 'live' AND received_ms > ? GROUP BY 1 ORDER BY 1
          """, arguments: [Self.impressionCountMax, now - Self.curveDays * Self.millisecondsPerDay]
      ).map { (hour: $0[0] as Int, count: $0[1] as Double) }
    }
    guard let first = hours.first, let last = hours.last, last.hour - first.hour >= 24 else { return .flat }
    var hourly = Array(repeating: 0.0, count: 24)
    for (hour, count) in hours {
      let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(hour) * 3600))
      hourly[Int(((Double(hour) + Double(offset) / 3600).rounded(.down)).remainder24)] += count
    }
    return TrafficCurve(hourly: hourly) ?? .flat
  }

  /// Id of the newest click.
  func newestClick() throws -> Int64 {
    try store.reader.read { try Int64.fetchOne($0, sql: "SELECT coalesce(max(id), 0) FROM click") ?? 0 }
  }

  /// Clicks after `id` that the join found not billable.
  func refused(after id: Int64) throws -> [RefusedClick] {
    let sql = """
      SELECT ad, price, received_ms, experiments FROM click
      WHERE id > ? AND traffic = 'live' AND fate NOT IN ('joined', 'orphan')
      """
    return try store.reader.read { db in
      try Row.fetchAll(db, sql: sql, arguments: [id]).map {
        RefusedClick(ad: $0[0], price: $0[1], received: $0[2], experiments: Self.arms($0[3]))
      }
    }
  }

  /// The arms by experiment of the column `experiments`.
  private static func arms(_ text: String) -> [String: String] {
    text == "{}" ? [:] : (try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))) ?? [:]
  }
}

/// A click that the join found not billable.
struct RefusedClick {
  let ad: String
  let price: Double
  let received: Milliseconds
  let experiments: [String: String]
}

extension Double {
  /// The hour of the day of an hour since some midnight.
  fileprivate var remainder24: Double { self - (self / 24).rounded(.down) * 24 }
}
