import Events
import Foundation
import GRDB
import Statistics
import Testing

@testable import Learning

/// Goal: the hourly and daily sums are those of the single rows, however the join came to them, and outlive the rows; nothing
/// that is archived, forgotten or erased counts again. Method: the seeded streams of ``JoinPropertyTests`` on several days.
@Suite struct RetentionTests {
  private static let day: Milliseconds = 86_400_000

  /// Streams of three days; the second day repeats everything of the first.
  private func stream(seed: UInt64) -> [Event] {
    let (first, third) = (JoinPropertyTests.stream(seed: seed), JoinPropertyTests.stream(seed: seed + 500))
    return first + first.map { shifted($0, days: 1) } + third.map { shifted($0, days: 2, isNew: true) }
  }

  private func shifted(_ event: Event, days: Milliseconds, isNew: Bool = false) -> Event {
    var event = event
    if isNew, let decision = event.served?.decision {
      event.served?.decision = DecisionID(time: start + 1, random: UInt128(decision.bytes[15]))
    }
    event.received += days * Self.day
    event.time += days * Self.day
    return event
  }

  /// Sums of the single rows, as the views `hourly` and `daily` should show them.
  private func directSums(_ store: Store, span: Milliseconds) throws -> [String] {
    let sql = """
      SELECT impressions.time_ms / \(span) * \(span), impressions.traffic, impressions.slot, impressions.model, count(*),
        round(total(ctr), 6), count(clicks.id), round(total(clicks.price), 6),
        total((SELECT count(*) FROM conversions WHERE impression_id = impressions.id AND fate = 'joined')),
        total((SELECT total(value) FROM conversions WHERE impression_id = impressions.id AND fate = 'joined'))
      FROM impressions LEFT JOIN clicks ON clicks.impression_id = impressions.id AND clicks.fate = 'joined'
      GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
      """
    return try texts(store, sql)
  }

  private func sums(_ store: Store, view: String) throws -> [String] {
    try texts(
      store,
      """
      SELECT \(view == "hourly" ? "hour_ms" : "day_ms"), traffic, slot, model, impressions, round(predicted_clicks, 6),
        clicks, round(revenue, 6), conversions * 1.0, conversion_value FROM \(view) ORDER BY 1, 2, 3, 4
      """)
  }

  private func texts(_ store: Store, _ sql: String) throws -> [String] {
    try store.reader.read { try Row.fetchAll($0, sql: sql) }.map {
      $0.databaseValues.map(\.description).joined(separator: " ")
    }
  }

  private func expectSums(_ store: Store, _ comment: Comment) throws {
    for (span, view) in Store.sumSpans {
      #expect(try sums(store, view: view) == directSums(store, span: Milliseconds(span)), comment)
    }
  }

  @Test("hourly and daily sums are the sums of the rows, whatever the steps", arguments: 0..<10)
  func sums(seed: Int) throws {
    let system = try TemporarySystem()
    var generator = SeededGenerator(seed: UInt64(seed))
    try system.appendUnchecked(stream(seed: UInt64(seed)))
    while try !system.joiner().step(limit: Int.random(in: 1...60, using: &generator)).isCaughtUp {
      if Bool.random(using: &generator) { try TrafficSums(system.store).catchUp() }
    }
    try TrafficSums(system.store).catchUp()
    try expectSums(system.store, "seed \(seed)")
    #expect(system.store.inspect { system.log.lastOffset }.problems.isEmpty)
  }

  @Test("a rebuild from archive and log gives identical tables and sums", arguments: 0..<5)
  func rebuildFromArchive(seed: Int) throws {
    let system = try TemporarySystem()
    try system.appendUnchecked(stream(seed: UInt64(seed)))
    try system.joiner().catchUp()
    try TrafficSums(system.store).catchUp()
    let (before, summed) = (try system.store.snapshot(), try sums(system.store, view: "hourly"))
    let archived = try system.log.archive(before: .max / 2, through: system.store.joinedThrough().offset)
    #expect(archived.count == 2, "seed \(seed)")
    try system.joiner().rebuild()
    try TrafficSums(system.store).catchUp()
    #expect(try system.store.snapshot() == before, "seed \(seed)")
    #expect(try sums(system.store, view: "hourly") == summed, "seed \(seed)")
  }

  @Test("forgotten rows leave their sums, before and after a rebuild without them", arguments: 0..<5)
  func forgetting(seed: Int) throws {
    let system = try TemporarySystem()
    try system.appendUnchecked(stream(seed: UInt64(seed)))
    try system.joiner().catchUp()
    try TrafficSums(system.store).catchUp()
    let summed = try liveSums(system.store)
    let newest = try system.store.count("example")
    let boundary = Self.day * (start / Self.day + 2)
    let through = try system.store.forget(receivedBefore: boundary)
    #expect(through > 0)
    #expect(try system.store.count("impression WHERE received_ms < \(boundary)") == 0)
    #expect(try liveSums(system.store) == summed, "seed \(seed)")
    #expect(
      try system.store.count("(SELECT 1 FROM example WHERE id = \(newest))") == 1, "example ids are not given twice")
    #expect(system.store.inspect { system.log.lastOffset }.problems.isEmpty)

    try system.log.archive(before: .max / 2, through: .max)
    try system.log.deleteArchive(before: boundary - Self.day, through: through)
    try system.joiner().rebuild()
    try system.store.forget(receivedBefore: boundary)
    #expect(try liveSums(system.store) == summed, "seed \(seed)")
    #expect(try system.store.forget(receivedBefore: boundary) == through)
  }

  private func liveSums(_ store: Store) throws -> [String] {
    try sums(store, view: "hourly").filter { !$0.contains("history") }
  }

  @Test("an erased person has no row, and a rebuild brings none back")
  func erasure() throws {
    let system = try TemporarySystem()
    try system.appendUnchecked(stream(seed: 3))
    try system.joiner().catchUp()
    let others = try system.store.strings("SELECT id FROM impression WHERE user <> 'u3' ORDER BY id")
    let count = try system.store.rowCount(user: "u3")
    #expect(count > 0)
    _ = try system.log.erase(user: "u3")
    #expect(try system.store.erase(user: "u3") == count)
    #expect(try system.store.rowCount(user: "u3") == 0)
    try system.joiner().rebuild()
    #expect(try system.store.rowCount(user: "u3") == 0)
    #expect(try system.store.strings("SELECT id FROM impression ORDER BY id") == others)
  }
}
