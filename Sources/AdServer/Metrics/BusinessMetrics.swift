import Events
import GRDB
import Learning
import Metrics

/// The business in numbers, as the join sees it: impressions, clicks, revenue, and whether the predictions hold.
///
/// Counters begin at 0 with the process; ratios are of the last ``windowMinutes``. Live traffic only. Not thread-safe:
/// one background loop steps it.
final class BusinessMetrics {
  /// Span of the ratios.
  static let windowMinutes = 60

  private let impressions = Counter(label: "adloop_impressions_total")
  private let clicks = Counter(label: "adloop_clicks_total")
  private let revenue = FloatingPointCounter(label: "adloop_revenue_total")
  private let predicted = FloatingPointCounter(label: "adloop_predicted_clicks_total")
  private let ctr = Gauge(label: "adloop_ctr_ratio")
  private let calibration = Gauge(label: "adloop_calibration_ratio")
  private var lastImpression: Int64
  private var billed: Billed
  private var minutes: [Minute] = []

  private struct Minute {
    var start: Milliseconds
    var impressions = 0
    var clicks = 0
    var predicted = 0.0
  }

  /// All clicks that are billed, and what they cost, in millionths of a currency unit. A click that waited for its
  /// impression joins long after newer ones: so these are the join's own counters and not sums over its latest rows.
  private struct Billed {
    var clicks = 0
    var spendMicros = 0

    /// The most that was ever seen: while the store is rebuilt, its counters begin at 0 again.
    func most(_ other: Billed) -> Billed {
      Billed(clicks: max(clicks, other.clicks), spendMicros: max(spendMicros, other.spendMicros))
    }
  }

  private struct Sums {
    var count = 0
    var amount = 0.0
    var last: Int64 = 0
  }

  /// Counts what is joined from now on.
  init(_ store: Store) throws {
    (lastImpression, billed) = try store.reader.read { db in
      (
        try Int64.fetchOne(db, sql: "SELECT coalesce(max(id), 0) FROM impressions") ?? 0,
        try Self.billed(db)
      )
    }
  }

  /// Counts what was joined since the last step.
  func step(_ store: Store, now: Milliseconds) throws {
    let (seen, all) = try store.reader.read { db in
      (
        try Self.sums(
          db, "SELECT count(*), total(ctr), max(id) FROM impressions WHERE id > ? AND traffic = 'live'", lastImpression),
        try Self.billed(db)
      )
    }
    lastImpression = max(lastImpression, seen.last)
    let sum = billed.most(all)
    let clicked = sum.clicks - billed.clicks
    impressions.increment(by: seen.count)
    predicted.increment(by: seen.amount)
    clicks.increment(by: clicked)
    revenue.increment(by: Double(sum.spendMicros - billed.spendMicros) / 1e6)
    billed = sum
    add(Minute(start: now - now % 60_000, impressions: seen.count, clicks: clicked, predicted: seen.amount))
    showRatios(now: now)
  }

  private func add(_ part: Minute) {
    guard let last = minutes.last, last.start == part.start else { return minutes.append(part) }
    minutes[minutes.count - 1].impressions += part.impressions
    minutes[minutes.count - 1].clicks += part.clicks
    minutes[minutes.count - 1].predicted += part.predicted
  }

  private func showRatios(now: Milliseconds) {
    minutes.removeAll { $0.start <= now - Milliseconds(Self.windowMinutes) * 60_000 }
    let shown = minutes.reduce(0) { $0 + $1.impressions }
    let clicked = minutes.reduce(0) { $0 + $1.clicks }
    let expected = minutes.reduce(0) { $0 + $1.predicted }
    if shown > 0 { ctr.record(Double(clicked) / Double(shown)) }
    if clicked > 0 { calibration.record(expected / Double(clicked)) }
  }

  private static func billed(_ db: Database) throws -> Billed {
    let sql = """
      SELECT sum(count) FILTER (WHERE kind = 'click' AND fate = 'joined'), sum(count) FILTER (WHERE kind = 'spend_micros')
      FROM join_count WHERE traffic = 'live'
      """
    guard let row = try Row.fetchOne(db, sql: sql) else { return Billed() }
    return Billed(clicks: row[0] ?? 0, spendMicros: row[1] ?? 0)
  }

  private static func sums(_ db: Database, _ sql: String, _ after: Int64) throws -> Sums {
    guard let row = try Row.fetchOne(db, sql: sql, arguments: [after]) else { return Sums() }
    return Sums(count: row[0], amount: row[1], last: row[2] ?? 0)
  }
}
