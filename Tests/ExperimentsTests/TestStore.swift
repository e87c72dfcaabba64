import Events
import Experiments
import Foundation
import GRDB

/// A store in memory with the columns of the stable views that analyses read.
final class TestStore {
  private let database: DatabaseQueue
  private var isSummed = true

  /// The database, with the sums of users up to date.
  var queue: DatabaseQueue {
    get throws {
      if !isSummed { try database.write { try Self.sum($0) } }
      isSummed = true
      return database
    }
  }

  /// 2026-01-01 00:00 UTC.
  static let start: Milliseconds = 1_767_225_600_000
  static let day: Milliseconds = 86_400_000
  static let hour: Milliseconds = 3_600_000

  init() throws {
    database = try DatabaseQueue()
    try database.write { database in
      try database.execute(
        sql: """
          CREATE TABLE impressions(id INTEGER PRIMARY KEY, decision TEXT, slot INTEGER, time_ms INTEGER,
            received_ms INTEGER, served_ms INTEGER, user TEXT, ad TEXT, model TEXT, objective TEXT, experiments TEXT,
            context TEXT, attributes TEXT, ctr REAL, bid REAL, price REAL, propensity REAL, traffic TEXT);
          CREATE TABLE clicks(id INTEGER PRIMARY KEY, impression_id INTEGER, decision TEXT, slot INTEGER,
            time_ms INTEGER, received_ms INTEGER, user TEXT, ad TEXT, model TEXT, experiments TEXT, price REAL,
            fate TEXT, traffic TEXT);
          CREATE TABLE conversions(id INTEGER PRIMARY KEY, impression_id INTEGER, decision TEXT, slot INTEGER,
            conversion_id TEXT, value REAL, time_ms INTEGER, received_ms INTEGER, user TEXT, ad TEXT, fate TEXT,
            traffic TEXT);
          CREATE TABLE unit_name(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
          CREATE TABLE arms_name(id INTEGER PRIMARY KEY, experiments TEXT NOT NULL UNIQUE);
          CREATE TABLE user_day_sum(user_id INTEGER, day INTEGER, arms_id INTEGER, decisions INTEGER, impressions INTEGER,
            visits INTEGER, predicted_nanos INTEGER, clicks INTEGER, revenue_micros INTEGER, conversions INTEGER,
            value_micros INTEGER, sampled_requests INTEGER, asked_slots INTEGER, filled_slots INTEGER,
            latency_micros INTEGER, PRIMARY KEY (user_id, day, arms_id)) WITHOUT ROWID;
          """)
    }
  }

  /// The sums as the store keeps them, by plain SQL; a visit is a decision here.
  private static func sum(_ database: Database) throws {
    try database.execute(
      sql: """
        DELETE FROM user_day_sum;
        INSERT OR IGNORE INTO unit_name(name) SELECT DISTINCT user FROM impressions WHERE user <> '';
        INSERT OR IGNORE INTO arms_name(experiments) SELECT DISTINCT experiments FROM impressions;
        INSERT INTO user_day_sum
          SELECT unit_name.id, time_ms / 86400000, arms_name.id, count(DISTINCT decision), count(*),
            count(DISTINCT decision), CAST(round(sum(ctr) * 1e9) AS INTEGER), 0, 0, 0, 0, 0, 0, 0, 0
          FROM impressions JOIN unit_name ON name = user JOIN arms_name USING (experiments)
          WHERE traffic = 'live' GROUP BY 1, 2, 3;
        """)
    for (table, worth, count, amount) in [
      ("clicks", "price", "clicks", "revenue_micros"), ("conversions", "value", "conversions", "value_micros"),
    ] {
      try database.execute(
        sql: """
          UPDATE user_day_sum SET \(count) = found.n, \(amount) = found.worth FROM (
            SELECT unit_name.id AS user_id, impressions.time_ms / 86400000 AS day, arms_name.id AS arms_id, count(*) AS n,
              CAST(round(sum(outcome.\(worth) * 1e6)) AS INTEGER) AS worth
            FROM \(table) AS outcome JOIN impressions ON impressions.id = impression_id
              JOIN unit_name ON name = impressions.user JOIN arms_name ON arms_name.experiments = impressions.experiments
            WHERE fate = 'joined' AND impressions.traffic = 'live' GROUP BY 1, 2, 3) AS found
          WHERE user_day_sum.user_id = found.user_id AND user_day_sum.day = found.day
            AND user_day_sum.arms_id = found.arms_id
          """)
    }
  }

  /// One impression and what followed it.
  struct Impression {
    var user: String
    var time = TestStore.start
    var experiments: [String: String] = [:]
    var context: [String: String] = [:]
    var decision = ""
    var traffic = Traffic.live
    var ctr = 0.05
    var price = 1.0
    /// Prices of its clicks.
    var clicks: [Double] = []
    var clickFate = "joined"
    /// Values of its conversions.
    var conversions: [Double] = []
  }

  func insert(_ impressions: [Impression]) throws {
    isSummed = false
    try database.write { database in
      for impression in impressions { try insert(impression, into: database) }
    }
  }

  private func insert(_ one: Impression, into database: Database) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let experiments = String(decoding: try encoder.encode(one.experiments), as: UTF8.self)
    let context = String(decoding: try encoder.encode(one.context), as: UTF8.self)
    try database.cachedStatement(
      sql: """
        INSERT INTO impressions(decision, slot, time_ms, received_ms, user, experiments, context, ctr, price, traffic)
        VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      one.decision, one.time, one.time, one.user, experiments, context, one.ctr, one.price, one.traffic.rawValue,
    ])
    let impression = one.clickFate == "orphan" ? nil : database.lastInsertedRowID
    for price in one.clicks {
      try database.cachedStatement(
        sql: "INSERT INTO clicks(impression_id, time_ms, user, price, fate, traffic) VALUES (?, ?, ?, ?, ?, ?)"
      ).execute(arguments: [
        impression, one.time + 5000, one.user, price, one.clickFate, one.traffic.rawValue,
      ])
    }
    for value in one.conversions {
      try database.cachedStatement(
        sql:
          "INSERT INTO conversions(impression_id, time_ms, user, value, fate, traffic) VALUES (?, ?, ?, ?, 'joined', ?)"
      ).execute(arguments: [impression, one.time + 60_000, one.user, value, one.traffic.rawValue])
    }
  }
}

extension MetricSet {
  /// Four metrics that are easily computed by hand.
  static var plain: MetricSet {
    get throws {
      try MetricSet([
        MetricDefinition(
          name: "ctr", title: "CTR", numerator: LinearForm([.clicks: 1]), denominator: LinearForm([.impressions: 1]),
          unit: "%", direction: .up, role: .proxy),
        MetricDefinition(
          name: "revenue_per_user", title: "revenue per user", numerator: LinearForm([.revenue: 1]),
          denominator: LinearForm([.users: 1]), unit: "currency", direction: .up, role: .goal),
        MetricDefinition(
          name: "rpm", title: "RPM", numerator: LinearForm([.revenue: 1000]),
          denominator: LinearForm([.impressions: 1]),
          unit: "currency", direction: .up, role: .info),
        MetricDefinition(
          name: "conversion_value_per_user", title: "conversion value per user",
          numerator: LinearForm([.conversionValue: 1]), denominator: LinearForm([.users: 1]), unit: "currency",
          direction: .up, role: .info),
      ])
    }
  }
}
