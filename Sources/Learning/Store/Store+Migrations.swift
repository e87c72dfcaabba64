import GRDB

extension Store {
  /// The schema's history: steps are only ever added.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 join") { db in
      for sql in tables + views { try db.execute(sql: sql) }
    }
    return migrator
  }

  /// Tables that ``Joiner/rebuild()`` empties and fills again.
  static let derivedTables = [
    "impression", "open_impression", "click", "conversion", "example", "control", "join_cursor",
    "join_count",
    "join_recent",
  ]

  /// Ids are log offsets, but an example's, which count from 1 in the order of closing.
  private static let tables = [
    """
    CREATE TABLE impression (
      id INTEGER PRIMARY KEY, decision BLOB NOT NULL, slot INTEGER NOT NULL, time_ms INTEGER NOT NULL,
      received_ms INTEGER NOT NULL, served_ms INTEGER NOT NULL, user TEXT NOT NULL, ad TEXT NOT NULL,
      model TEXT NOT NULL, objective TEXT NOT NULL, experiments TEXT NOT NULL, context TEXT NOT NULL,
      attributes TEXT NOT NULL, ctr REAL NOT NULL, bid REAL NOT NULL, price REAL NOT NULL, propensity REAL NOT NULL,
      traffic TEXT NOT NULL)
    """,
    "CREATE UNIQUE INDEX impression_identity ON impression (decision, slot)",
    // Impressions whose label isn't final, and what it is so far.
    """
    CREATE TABLE open_impression (
      id INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL, clicked INTEGER NOT NULL)
    """,
    """
    CREATE TABLE click (
      id INTEGER PRIMARY KEY, impression_id INTEGER, decision BLOB NOT NULL, slot INTEGER NOT NULL,
      time_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL, user TEXT NOT NULL, ad TEXT NOT NULL,
      model TEXT NOT NULL, experiments TEXT NOT NULL, price REAL NOT NULL, fate TEXT NOT NULL, traffic TEXT NOT NULL)
    """,
    "CREATE UNIQUE INDEX click_identity ON click (decision, slot)",
    "CREATE INDEX click_orphan ON click (decision, slot) WHERE impression_id IS NULL",
    """
    CREATE TABLE conversion (
      id INTEGER PRIMARY KEY, impression_id INTEGER, decision BLOB NOT NULL, slot INTEGER NOT NULL,
      conversion_id TEXT NOT NULL, value REAL, time_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL,
      user TEXT NOT NULL, ad TEXT NOT NULL, fate TEXT NOT NULL, traffic TEXT NOT NULL)
    """,
    "CREATE UNIQUE INDEX conversion_identity ON conversion (decision, slot, conversion_id)",
    "CREATE INDEX conversion_orphan ON conversion (decision, slot) WHERE impression_id IS NULL",
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
      ad, model, objective, experiments, context, attributes, ctr, bid, price, propensity, traffic FROM impression
    """,
    """
    CREATE VIEW clicks AS SELECT id, impression_id, lower(hex(decision)) AS decision, slot, time_ms, received_ms, user,
      ad, model, experiments, price, fate, traffic FROM click
    """,
    """
    CREATE VIEW conversions AS SELECT id, impression_id, lower(hex(decision)) AS decision, slot, conversion_id, value,
      time_ms, received_ms, user, ad, fate, traffic FROM conversion
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
