import Events
import Foundation
import GRDB

/// A store in memory with the columns of the stable views that analyses read.
struct TestStore {
  let queue: DatabaseQueue

  /// 2026-01-01 00:00 UTC.
  static let start: Milliseconds = 1_767_225_600_000
  static let day: Milliseconds = 86_400_000
  static let hour: Milliseconds = 3_600_000

  init() throws {
    queue = try DatabaseQueue()
    try queue.write { database in
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
    try queue.write { database in
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
        INSERT INTO impressions(decision, slot, time_ms, user, experiments, context, ctr, price, traffic)
        VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      one.decision, one.time, one.user, experiments, context, one.ctr, one.price, one.traffic.rawValue,
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
