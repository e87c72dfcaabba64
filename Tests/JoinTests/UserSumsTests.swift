import Events
import Foundation
import GRDB
import Statistics
import Testing

@testable import Learning

/// Goal: the sums of users are those of the single rows, in whichever steps and order the events came, and can be rebuilt.
/// Method: seeded streams with several slots, late and early clicks, invalid and test traffic; an independent computation
/// over the views.
@Suite struct UserSumsTests {
  /// Random events of 20 users over three days.
  private func stream(_ generator: inout SeededGenerator, count: Int) -> [Event] {
    (0..<count).flatMap { number -> [Event] in
      var served = ServedAd.of(number / 2, slot: number % 2 + 1)
      served.user = number % 19 == 0 ? "" : "u\(Int.random(in: 0..<20, using: &generator))"
      served.traffic = number % 11 == 0 ? .dryRun : .live
      served.experiments = Bool.random(using: &generator) ? ["price": "control"] : ["price": "high", "aa": "same"]
      let time = start + Milliseconds.random(in: 0..<3 * 86_400_000, using: &generator)
      func event(_ kind: EventKind, _ later: Milliseconds, _ received: Milliseconds, value: Double? = nil) -> Event {
        Event(
          kind: kind, served: served, time: time + later, received: time + received, value: value,
          conversionID: kind == .conversion ? "c\(later)" : nil,
          invalidReason: number % 23 == 0 ? .userAgent : nil)
      }
      var events = [event(.impression, 0, Int64.random(in: 0..<50_000, using: &generator))]
      if number % 3 == 0 { events.append(event(.click, 1000, Int64.random(in: 0..<90_000, using: &generator))) }
      if number % 9 == 0 { events.append(event(.conversion, 2000, 95_000, value: 2.5)) }
      if number % 5 == 0 { events.append(events[0]) }
      return events
    }.sorted { $0.received < $1.received }
  }

  private func rows(_ store: Store, _ sql: String) throws -> [String] {
    try store.reader.read { try Row.fetchAll($0, sql: sql) }.map {
      $0.databaseValues.map(\.description).joined(separator: " ")
    }
  }

  private static let sums = """
    SELECT user, day_ms, experiments, impressions, decisions, round(predicted_clicks, 6), clicks, round(revenue, 6),
      conversions, conversion_value FROM user_daily WHERE impressions > 0 ORDER BY 1, 2, 3
    """

  private static let direct = """
    WITH live AS (SELECT *, rank() OVER (PARTITION BY decision ORDER BY id) AS place FROM impressions
      WHERE traffic = 'live')
    SELECT live.user, live.time_ms / 86400000 * 86400000, live.experiments, count(*), sum(place = 1), round(total(ctr), 6),
      count(clicks.id), round(total(clicks.price), 6),
      sum((SELECT count(*) FROM conversions WHERE impression_id = live.id AND fate = 'joined')),
      total((SELECT total(value) FROM conversions WHERE impression_id = live.id AND fate = 'joined'))
    FROM live LEFT JOIN clicks ON clicks.impression_id = live.id AND clicks.fate = 'joined'
    WHERE live.user <> '' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    """

  @Test("sums of users are the sums of the rows, whatever the steps, and a rebuild makes them again", arguments: 0..<8)
  func sums(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let system = try TemporarySystem()
    try system.appendUnchecked(stream(&generator, count: 400))
    let sums = UserSums(system.store)
    while try !system.joiner().step(limit: Int.random(in: 1...90, using: &generator)).isCaughtUp {
      _ = try sums.step(offsetCount: Int64.random(in: 1...70, using: &generator))
    }
    while try !sums.step(offsetCount: Int64.random(in: 1...70, using: &generator)) {}
    let found = try rows(system.store, Self.sums)
    #expect(found.count > 20, "seed \(seed)")
    #expect(try found == rows(system.store, Self.direct), "seed \(seed)")
    let all = try rows(system.store, "SELECT * FROM user_daily ORDER BY 1, 2, 3")
    #expect(try all == visits(all, system.store), "seed \(seed)")

    try system.joiner().rebuild()
    try UserSums(system.store).catchUp()
    #expect(try rows(system.store, "SELECT * FROM user_daily ORDER BY 1, 2, 3") == all, "seed \(seed)")
  }

  /// `rows` with the visits counted anew: one for each live impression in the order of the log that is 30 minutes or more
  /// after all before it.
  private func visits(_ rows: [String], _ store: Store) throws -> [String] {
    var last: [String: Milliseconds] = [:]
    var counts: [String: Int] = [:]
    let sql = "SELECT user, time_ms, experiments FROM impressions WHERE traffic = 'live' AND user <> '' ORDER BY id"
    for row in try store.reader.read({ try Row.fetchAll($0, sql: sql) }) {
      let (user, time, arms): (String, Milliseconds, String) = (row[0], row[1], row[2])
      if time - (last[user] ?? .min / 2) >= 1_800_000 {
        counts["\"\(user)\" \(time / 86_400_000 * 86_400_000) \(DatabaseValue(value: arms)!)", default: 0] += 1
      }
      last[user] = max(last[user] ?? .min, time)
    }
    return rows.map { row in
      guard let head = counts.keys.first(where: { row.hasPrefix($0 + " ") }) else { return row }
      var fields = row.dropFirst(head.count + 1).split(separator: " ").map(String.init)
      fields[2] = "\(counts[head]!)"
      return ([head] + fields).joined(separator: " ")
    }
  }

  @Test("sampled requests tell latency and fill of their user and arms")
  func sampledRequests() throws {
    let system = try TemporarySystem()
    let json = #"{"user":"u1","experiments":{"b":"x","a":"y"},"slots":3,"latency_ms":1.25,"candidates":[{},{}]}"#
    try system.appendUnchecked([
      .control(.decision, json, at: 0), .control(.decision, json, at: 1),
      .control(.decision, #"{"user":"","slots":3,"latency_ms":1,"candidates":[]}"#, at: 2),
      .control(.decision, #"{"user":"u2","slots":3,"candidates":[]}"#, at: 3),
    ])
    try system.joiner().catchUp()
    try UserSums(system.store).catchUp()
    let sql =
      "SELECT user, experiments, sampled_requests, asked_slots, filled_slots, latency_milliseconds FROM user_daily"
    #expect(try rows(system.store, sql) == [#""u1" "{\"a\":\"y\",\"b\":\"x\"}" 2 6 4 2.5"#])
  }

  @Test("an erased user has no sums, and old days go with their rows")
  func erasedAndForgotten() throws {
    var generator = SeededGenerator(seed: 1)
    let system = try TemporarySystem()
    try system.appendUnchecked(stream(&generator, count: 200))
    try system.joiner().catchUp()
    try UserSums(system.store).catchUp()
    _ = try system.log.erase(user: "u3")
    _ = try system.store.erase(user: "u3")
    #expect(try system.store.count("unit_name WHERE name = 'u3'") == 0)
    #expect(try system.store.count("user_day_sum WHERE user_id NOT IN (SELECT id FROM unit_name)") == 0)
    let boundary = 86_400_000 * (start / 86_400_000 + 2)
    try system.store.forget(receivedBefore: boundary)
    #expect(try system.store.count("user_daily WHERE day_ms < \(boundary)") == 0)
    #expect(try system.store.count("user_daily") > 0)
  }
}
