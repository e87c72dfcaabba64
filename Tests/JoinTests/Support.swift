import Foundation
import GRDB

@testable import Events
@testable import Learning

/// A folder with a log and a store that is removed when the test ends.
final class TemporarySystem: Sendable {
  let directory: URL
  let log: EventLog
  let store: Store

  init() throws {
    directory = FileManager.default.temporaryDirectory.appending(
      path: "adloop-join-\(UUID().uuidString)")
    log = try EventLog(directory: directory)
    store = try Store(directory: directory)
  }

  deinit {
    try? FileManager.default.removeItem(at: directory)
  }

  func joiner(_ configuration: JoinConfiguration = .test, now: Milliseconds = 0) -> Joiner {
    Joiner(log: log, store: store, configuration: configuration, clock: { now })
  }

  /// Puts events into the log past its memory, as several processes may: it doesn't recognise duplicates among them.
  func appendUnchecked(_ events: [Event]) throws {
    try log.database.writeWithoutTransaction { db in
      try db.inTransaction(.immediate) {
        var inserter = try EventTable.inserter(db)
        for event in events { _ = try inserter.insert(EventEntry(event)) }
        return .commit
      }
    }
  }
}

extension JoinConfiguration {
  /// Windows of 100 s (clicks) and 500 s (conversions), 20 s to settle.
  static var test: JoinConfiguration {
    var configuration = JoinConfiguration()
    configuration.clickWindowSeconds = 100
    configuration.conversionWindowSeconds = 500
    configuration.settleSeconds = 20
    configuration.clockSkewSeconds = 10
    return configuration
  }
}

extension Store {
  /// Every row of every derived table, as texts.
  func snapshot() throws -> [String] {
    try reader.read { db in
      try Self.derivedTables.flatMap { table in
        try Row.fetchAll(db, sql: "SELECT * FROM \(table)").map { "\(table) \($0.description)" }
          .sorted()
      }
    }
  }

  func strings(_ sql: String) throws -> [String] {
    try reader.read { try String.fetchAll($0, sql: sql) }
  }

  func count(_ sql: String) throws -> Int {
    try reader.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(sql)") ?? 0 }
  }
}

/// Start of the test's time, in the middle of nowhere.
let start: Milliseconds = 1_790_000_000_000

extension ServedAd {
  static func of(_ number: Int, slot: Int = 1, traffic: Traffic = .live) -> ServedAd {
    ServedAd(
      decision: DecisionID(time: start, random: UInt128(number)), slot: slot, time: start,
      user: "u\(number % 7)",
      context: ["device": "mobile", "page": "sp\"orts\n"], ad: "ad-\(number)",
      attributes: ["category": "shoes"],
      model: "m1", experiments: ["price": "control"], ctr: 0.03125, bid: 1.25, price: 0.75,
      propensity: 0.5,
      traffic: traffic)
  }
}

extension Event {
  /// An event of ad `number`, `time` and `received` in seconds after the start; received at once when not given.
  static func of(
    _ kind: EventKind, _ number: Int, at time: Double, received: Double? = nil, slot: Int = 1,
    traffic: Traffic = .live, conversionID: String? = nil, clicked: Bool = false, invalidReason: InvalidReason? = nil
  ) -> Event {
    Event(
      kind: kind, served: .of(number, slot: slot, traffic: traffic),
      time: start + Milliseconds(time * 1000),
      received: start + Milliseconds((received ?? time) * 1000),
      value: kind == .conversion ? 9.5 : nil,
      conversionID: conversionID, clicked: clicked, invalidReason: invalidReason)
  }

  static func control(_ kind: EventKind, _ json: String, at time: Double) -> Event {
    let time = start + Milliseconds(time * 1000)
    return Event(kind: kind, time: time, received: time, payload: Array(json.utf8))
  }
}
