import GRDB

extension Store {
  /// The schema's history: steps are only ever added.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    // Its tables were of another form; the next step makes them.
    migrator.registerMigration("1 join") { _ in }
    migrator.registerMigration("2 join with fates") { db in
      for view in joinViews { try db.execute(sql: "DROP VIEW IF EXISTS \(view)") }
      for table in derivedTables { try db.execute(sql: "DROP TABLE IF EXISTS \(table)") }
      for sql in tables + views { try db.execute(sql: sql) }
    }
    migrator.registerMigration("3 traffic sums") { db in
      for sql in sumTables + sumViews + [erasureView] { try db.execute(sql: sql) }
    }
    migrator.registerMigration("4 user sums") { db in
      for sql in userSumTables { try db.execute(sql: sql) }
    }
    migrator.registerMigration("5 times") { db in
      for sql in timeIndexes { try db.execute(sql: sql) }
    }
    migrator.registerMigration("6 traffic series") { db in
      for sql in trafficSeriesTables { try db.execute(sql: sql) }
    }
    return migrator
  }

  /// For questions about an hour, such as why its revenue dropped.
  private static let timeIndexes = [
    "CREATE INDEX impression_time ON impression (time_ms)", "CREATE INDEX click_time ON click (time_ms)",
    "CREATE INDEX control_time ON control (kind, time_ms)",
  ]

  /// Traffic by steps of minutes, as JSON, for alerts; and their history for analysts.
  private static let trafficSeriesTables = [
    """
    CREATE TABLE traffic_series (
      step_ms INTEGER NOT NULL, step INTEGER NOT NULL, measures TEXT NOT NULL, PRIMARY KEY (step_ms, step)) WITHOUT ROWID
    """,
    """
    CREATE VIEW alerts AS SELECT id AS "offset", time_ms, json_extract(payload, '$.name') AS name,
      json_extract(payload, '$.state') AS state, json_extract(payload, '$.since') AS since_ms,
      json_extract(payload, '$.reason') AS reason FROM control WHERE kind = 13
    """,
  ]

  /// Tables that ``Joiner/rebuild()`` empties and fills again.
  static let derivedTables = [
    "impression", "open_impression", "click", "conversion", "duplicate", "example", "control", "join_cursor",
    "join_count", "join_recent",
  ]

  /// The views that are made of them.
  private static let joinViews = [
    "impressions", "clicks", "conversions", "duplicates", "corrections", "invalid_events", "examples", "decisions",
    "serving_history", "experiment_history", "models",
  ]

  /// The column `traffic` of events that intake found invalid, so that nothing that looks for live traffic sees them.
  static let invalidTraffic = "invalid"

  /// Ids are log offsets, but an example's, which count from 1 in the order of closing.
  private static let tables = [
    """
    CREATE TABLE impression (
      id INTEGER PRIMARY KEY, decision BLOB NOT NULL, slot INTEGER NOT NULL, time_ms INTEGER NOT NULL,
      received_ms INTEGER NOT NULL, served_ms INTEGER NOT NULL, user TEXT NOT NULL, ad TEXT NOT NULL,
      model TEXT NOT NULL, objective TEXT NOT NULL, experiments TEXT NOT NULL, context TEXT NOT NULL,
      attributes TEXT NOT NULL, ctr REAL NOT NULL, bid REAL NOT NULL, price REAL NOT NULL, propensity REAL NOT NULL,
      traffic TEXT NOT NULL, fate TEXT, reason TEXT)
    """,
    // Identities: what counts and what never counts have each their own.
    "CREATE UNIQUE INDEX impression_identity ON impression (decision, slot, (traffic = 'invalid'))",
    "CREATE INDEX impression_invalid ON impression (received_ms) WHERE traffic = 'invalid'",
    // Impressions whose label isn't final, and what it is so far.
    """
    CREATE TABLE open_impression (
      id INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL, clicked INTEGER NOT NULL)
    """,
    """
    CREATE TABLE click (
      id INTEGER PRIMARY KEY, impression_id INTEGER, decision BLOB NOT NULL, slot INTEGER NOT NULL,
      time_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL, user TEXT NOT NULL, ad TEXT NOT NULL,
      model TEXT NOT NULL, experiments TEXT NOT NULL, price REAL NOT NULL, fate TEXT NOT NULL, reason TEXT,
      traffic TEXT NOT NULL)
    """,
    "CREATE UNIQUE INDEX click_identity ON click (decision, slot, (traffic = 'invalid'))",
    "CREATE INDEX click_orphan ON click (decision, slot) WHERE fate = 'orphan'",
    "CREATE INDEX click_billed ON click (traffic, price) WHERE fate = 'joined'",
    "CREATE INDEX click_correction ON click (impression_id) WHERE reason = 'closed'",
    "CREATE INDEX click_invalid ON click (received_ms) WHERE fate IN ('bot', 'expired', 'invalid')",
    """
    CREATE TABLE conversion (
      id INTEGER PRIMARY KEY, impression_id INTEGER, decision BLOB NOT NULL, slot INTEGER NOT NULL,
      conversion_id TEXT NOT NULL, value REAL, time_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL,
      user TEXT NOT NULL, ad TEXT NOT NULL, fate TEXT NOT NULL, reason TEXT, traffic TEXT NOT NULL)
    """,
    """
    CREATE UNIQUE INDEX conversion_identity ON conversion (decision, slot, conversion_id, (traffic = 'invalid'))
    """,
    "CREATE INDEX conversion_orphan ON conversion (decision, slot) WHERE fate = 'orphan'",
    "CREATE INDEX conversion_invalid ON conversion (received_ms) WHERE fate IN ('bot', 'expired', 'invalid')",
    // Copies beyond the first, however they were recognised: one row for each event that has any.
    """
    CREATE TABLE duplicate (
      kind TEXT NOT NULL, decision BLOB NOT NULL, slot INTEGER NOT NULL, conversion_id TEXT NOT NULL,
      count INTEGER NOT NULL, first_received_ms INTEGER NOT NULL, last_received_ms INTEGER NOT NULL,
      PRIMARY KEY (kind, decision, slot, conversion_id)) WITHOUT ROWID
    """,
    "CREATE TABLE example (id INTEGER PRIMARY KEY, impression_id INTEGER NOT NULL, label INTEGER NOT NULL)",
    // Events that aren't about a served ad; a payload that is no JSON is NULL.
    """
    CREATE TABLE control (
      id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, time_ms INTEGER NOT NULL, payload TEXT)
    """,
    "CREATE INDEX control_kind ON control (kind, id)",
    """
    CREATE TABLE join_cursor (
      id INTEGER PRIMARY KEY CHECK (id = 1), log_offset INTEGER NOT NULL, log_clock_ms INTEGER NOT NULL,
      watermark_ms INTEGER NOT NULL)
    """,
    """
    CREATE TABLE join_count (
      traffic TEXT NOT NULL, slot INTEGER NOT NULL, kind TEXT NOT NULL, fate TEXT NOT NULL, count INTEGER NOT NULL,
      PRIMARY KEY (traffic, slot, kind, fate)) WITHOUT ROWID
    """,
    """
    CREATE TABLE join_recent (
      bucket_ms INTEGER NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL,
      PRIMARY KEY (bucket_ms, name)) WITHOUT ROWID
    """,
  ]

  private static let views = [
    """
    CREATE VIEW impressions AS SELECT id, lower(hex(decision)) AS decision, slot, time_ms, received_ms, served_ms, user,
      ad, model, objective, experiments, context, attributes, ctr, bid, price, propensity, traffic,
      coalesce(fate, 'stored') AS fate, reason FROM impression
    """,
    """
    CREATE VIEW clicks AS SELECT id, impression_id, lower(hex(decision)) AS decision, slot, time_ms, received_ms, user,
      ad, model, experiments, price, fate, iif(fate = 'invalid', 'invalid', traffic) AS traffic, reason FROM click
    """,
    """
    CREATE VIEW conversions AS SELECT id, impression_id, lower(hex(decision)) AS decision, slot, conversion_id, value,
      time_ms, received_ms, user, ad, fate, iif(fate = 'invalid', 'invalid', traffic) AS traffic, reason FROM conversion
    """,
    """
    CREATE VIEW duplicates AS SELECT kind, lower(hex(decision)) AS decision, slot, conversion_id, count,
      first_received_ms, last_received_ms FROM duplicate
    """,
    // Clicks within the window whose impression had got its label 0 before they came.
    """
    CREATE VIEW corrections AS SELECT id AS click_id, impression_id, lower(hex(decision)) AS decision, slot, time_ms,
      received_ms, user, ad, model, price, traffic, 1 AS label FROM click WHERE reason = 'closed'
    """,
    """
    CREATE VIEW invalid_events AS
      SELECT id, 'impression' AS kind, lower(hex(decision)) AS decision, slot, '' AS conversion_id, time_ms, received_ms,
        user, ad, fate, reason FROM impression WHERE traffic = 'invalid'
      UNION ALL SELECT id, 'click', lower(hex(decision)), slot, '', time_ms, received_ms, user, ad, fate, reason
        FROM click WHERE fate IN ('bot', 'expired', 'invalid')
      UNION ALL SELECT id, 'conversion', lower(hex(decision)), slot, conversion_id, time_ms, received_ms, user, ad, fate,
        reason FROM conversion WHERE fate IN ('bot', 'expired', 'invalid')
    """,
    """
    CREATE VIEW examples AS SELECT example.id AS id, impression_id, lower(hex(decision)) AS decision, slot, time_ms, user,
      ad, model, objective, experiments, context, attributes, ctr, bid, price, propensity, traffic, label
      FROM example JOIN impression ON impression.id = example.impression_id
    """,
    """
    CREATE VIEW decisions AS SELECT id AS "offset", json_extract(payload, '$.decision') AS decision, time_ms,
      json_extract(payload, '$.user') AS user, json_extract(payload, '$.context') AS context,
      json_extract(payload, '$.model') AS model, json_extract(payload, '$.candidates') AS candidates, payload
      FROM control WHERE kind = 5
    """,
    """
    CREATE VIEW serving_history AS SELECT id AS "offset", time_ms, json_extract(payload, '$.model') AS model,
      json_extract(payload, '$.action') AS action, json_extract(payload, '$.reason') AS reason,
      json_extract(payload, '$.who') AS who FROM control WHERE kind = 6
    """,
    """
    CREATE VIEW experiment_history AS SELECT id AS "offset", time_ms,
      json_extract(payload, '$.experiment') AS experiment, json_extract(payload, '$.action') AS action,
      json_extract(payload, '$.who') AS who, json_extract(payload, '$.why') AS why, payload FROM control WHERE kind = 7
    """,
    // The newest event of each model; SQLite takes the other columns from the row that has the maximum.
    """
    CREATE VIEW models AS SELECT id, created_ms, features_sha256, sha256, state, reason, metrics, lineage FROM (
      SELECT max(id) AS newest, json_extract(payload, '$.id') AS id, json_extract(payload, '$.created_ms') AS created_ms,
        json_extract(payload, '$.features_sha256') AS features_sha256, json_extract(payload, '$.sha256') AS sha256,
        json_extract(payload, '$.state') AS state, json_extract(payload, '$.reason') AS reason,
        json_extract(payload, '$.metrics') AS metrics, json_extract(payload, '$.lineage') AS lineage
      FROM control WHERE kind = 9 AND json_extract(payload, '$.id') IS NOT NULL GROUP BY 2)
    """,
  ]
}
