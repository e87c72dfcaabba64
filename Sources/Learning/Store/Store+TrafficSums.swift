import GRDB

extension Store {
  /// Lengths of the periods that are summed, in milliseconds, with the view of each.
  static let sumSpans = [(milliseconds: 3_600_000, view: "hourly"), (milliseconds: 86_400_000, view: "daily")]

  /// Sums of traffic by hour and by day, so that analysts needn't read single events.
  ///
  /// A row belongs to the period of its *impression*, with its clicks and conversions whenever they come. Money is kept in
  /// millionths of a currency unit and predicted CTR in billionths, as whole numbers: sums don't depend on their order.
  /// Rows with `is_kept` are about impressions whose rows were deleted since; they survive a rebuild. The tables of single
  /// events have no index for this but two, over the few events that came before their impression.
  static let sumTables = [
    """
    CREATE TABLE traffic_sum (
      span_ms INTEGER NOT NULL, start_ms INTEGER NOT NULL, traffic TEXT NOT NULL, slot INTEGER NOT NULL,
      model TEXT NOT NULL, is_kept INTEGER NOT NULL, impressions INTEGER NOT NULL, predicted_nanos INTEGER NOT NULL,
      clicks INTEGER NOT NULL, revenue_micros INTEGER NOT NULL, conversions INTEGER NOT NULL,
      value_micros INTEGER NOT NULL,
      PRIMARY KEY (span_ms, start_ms, traffic, slot, model, is_kept)) WITHOUT ROWID
    """,
    """
    CREATE TABLE traffic_cursor (
      id INTEGER PRIMARY KEY CHECK (id = 1), summed_through INTEGER NOT NULL, kept_through INTEGER NOT NULL)
    """,
    "INSERT INTO traffic_cursor (id, summed_through, kept_through) VALUES (1, 0, 0)",
    "CREATE INDEX click_settled ON click (impression_id) WHERE impression_id > id",
    "CREATE INDEX conversion_settled ON conversion (impression_id) WHERE impression_id > id",
  ]

  /// The views `hourly` and `daily`: their first column is the period's start, `hour_ms` or `day_ms`.
  static var sumViews: [String] {
    zip(sumSpans, ["hour_ms", "day_ms"]).map { span, start in
      """
      CREATE VIEW \(span.view) AS SELECT start_ms AS \(start), traffic, slot, model, sum(impressions) AS impressions,
        sum(predicted_nanos) / 1e9 AS predicted_clicks, sum(clicks) AS clicks, sum(revenue_micros) / 1e6 AS revenue,
        sum(conversions) AS conversions, sum(value_micros) / 1e6 AS conversion_value
      FROM traffic_sum WHERE span_ms = \(span.milliseconds) GROUP BY start_ms, traffic, slot, model
      """
    }
  }

  /// The erasures of persons, as the log keeps them.
  static let erasureView = """
    CREATE VIEW erasures AS SELECT id AS "offset", time_ms, json_extract(payload, '$.salt') AS salt,
      json_extract(payload, '$.user_sha256') AS user_sha256, json_extract(payload, '$.before') AS before,
      json_extract(payload, '$.after') AS after FROM control WHERE kind = 17
    """

  /// Empties what is derived from the log, before a rebuild. Sums about deleted rows stay: the log no longer tells them.
  static func emptyDerivedTables(_ db: Database) throws {
    for table in derivedTables { try db.execute(sql: "DELETE FROM \(table)") }
    try db.execute(sql: "DELETE FROM traffic_sum WHERE NOT is_kept")
    try db.execute(sql: "UPDATE traffic_cursor SET summed_through = kept_through")
    try db.execute(sql: "DELETE FROM traffic_series")
    try emptyUserSums(db)
  }
}
