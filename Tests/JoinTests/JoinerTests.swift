import Foundation
import GRDB
import Testing

@testable import Events
@testable import Learning

@Suite struct JoinerTests {
  let system = try! TemporarySystem()

  private func fates(_ view: String) throws -> [String] {
    try system.store.strings("SELECT fate FROM \(view) ORDER BY id")
  }

  private func labels() throws -> [String] {
    try system.store.strings("SELECT ad || ' ' || label FROM examples ORDER BY id")
  }

  @Test("a click within its window joins and makes the label 1; the label of the other is 0")
  func joins() throws {
    try system.log.append([
      .of(.impression, 1, at: 0), .of(.impression, 2, at: 1), .of(.click, 1, at: 100),
    ])
    try system.joiner().catchUp()
    #expect(try fates("clicks") == ["joined"])
    #expect(try labels().isEmpty)
    try system.log.append([.of(.impression, 3, at: 102)])
    try system.joiner().catchUp()
    #expect(try labels() == ["ad-1 1", "ad-2 0"])
  }

  @Test(
    "a click that comes after its impression was closed is late; the label stays, and a correction is counted"
  )
  func late() throws {
    try system.log.append([
      .of(.impression, 1, at: 0), .of(.impression, 2, at: 150),
      .of(.click, 1, at: 60, received: 151),
      .of(.click, 2, at: 251),
    ])
    let joiner = system.joiner(now: start + 251_000)
    try joiner.catchUp()
    #expect(try fates("clicks") == ["late", "late"])
    #expect(try labels() == ["ad-1 0", "ad-2 0"])
    #expect(try joiner.health().counts.corrections == 1)
  }

  @Test("an orphan waits and joins when its impression comes; a conversion too")
  func orphans() throws {
    try system.log.append([
      .of(.click, 1, at: 10), .of(.conversion, 1, at: 20), .of(.click, 2, at: 10),
    ])
    let joiner = system.joiner(now: start + 30_000)
    try joiner.catchUp()
    #expect(try fates("clicks") == ["orphan", "orphan"])
    #expect(try joiner.health().coverage == 0)
    try system.log.append([.of(.impression, 1, at: 5, received: 30), .of(.impression, 9, at: 140)])
    try joiner.catchUp()
    #expect(try fates("clicks") == ["joined", "orphan"])
    #expect(try fates("conversions") == ["joined"])
    #expect(
      try system.store.strings("SELECT impression_id FROM clicks WHERE fate = 'joined'") == ["4"])
    #expect(try labels() == ["ad-1 1"])
    let health = try joiner.health()
    #expect(health.counts.joinedClicks == 1 && health.counts.orphanClicks == 1)
    #expect(health.coverage == 0.5 && health.orphanRate == 0.5)
  }

  @Test("when nothing comes any more, the clock closes the windows, and says so in the log")
  func idle() throws {
    try system.log.append([.of(.impression, 1, at: 0)])
    try system.joiner(now: start + 100_000).catchUp()
    #expect(try labels().isEmpty && system.log.lastOffset == 1)
    try system.joiner(now: start + 100_001).catchUp()
    #expect(try labels() == ["ad-1 0"])
    #expect(try system.log.read(after: 1, limit: 9).map(\.event.kind) == [.clock])
    try system.joiner(now: start + 900_000).catchUp()
    #expect(system.log.lastOffset == 2)
  }

  @Test("old events that arrive shuffled find each other while they settle")
  func settles() throws {
    try system.log.append([
      .of(.impression, 1, at: 1000), .of(.impression, 2, at: 0, received: 1001),
      .of(.click, 2, at: 5, received: 1002), .of(.impression, 3, at: 1022),
    ])
    try system.joiner().catchUp()
    #expect(try fates("clicks") == ["joined"])
  }

  @Test(
    "history rows are closed at once with their label, and count as impression and click of their own traffic"
  )
  func history() throws {
    try system.log.append([
      .of(.impression, 1, at: 0), .of(.history, 2, at: 0, traffic: .history, clicked: true),
      .of(.history, 3, at: 0, traffic: .history),
    ])
    try system.joiner().catchUp()
    #expect(try labels() == ["ad-2 1", "ad-3 0"])
    #expect(try system.store.count("impressions WHERE traffic = 'history'") == 2)
    #expect(try system.store.strings("SELECT traffic FROM clicks") == ["history"])
  }

  @Test("health looks at live traffic only")
  func liveOnly() throws {
    try system.log.append([
      .of(.impression, 1, at: 0, traffic: .probe), .of(.click, 1, at: 1, traffic: .probe),
      .of(.click, 2, at: 1, traffic: .dryRun), .of(.impression, 3, at: 2), .of(.click, 3, at: 3),
    ])
    let joiner = system.joiner(now: start + 10_000)
    try joiner.catchUp()
    let health = try joiner.health()
    #expect(
      health.counts.impressions == 1 && health.counts.joinedClicks == 1 && health.orphanRate == 0)
    #expect(health.delayMilliseconds == JoinHealth.Delay(median: 1024, p90: 1024, p99: 1024))
    #expect(health.watermarkLagMilliseconds == 7000)
    #expect(health.lagEventCount == 0 && health.openImpressionCount == 2)
  }

  @Test("health forgets what lies before its window")
  func healthWindow() throws {
    try system.log.append([
      .of(.click, 1, at: 0), .of(.impression, 2, at: 8000), .of(.click, 2, at: 8001),
    ])
    let joiner = system.joiner(now: start + 8_010_000)
    try joiner.catchUp()
    #expect(try joiner.health().coverage == 1)
    #expect(try joiner.health().totals.contains { $0.fate == "orphan" && $0.count == 1 })
  }

  @Test("more joined clicks than impressions would be told")
  func violations() throws {
    try system.log.append([.of(.impression, 1, at: 0), .of(.click, 1, at: 1)])
    try system.joiner().catchUp()
    #expect(try system.joiner().violations().isEmpty)
    try system.store.writer.write { db in
      try db.execute(
        sql: "UPDATE join_count SET count = 2 WHERE kind = 'click' AND fate = 'joined'")
    }
    #expect(try system.joiner().violations() == ["live slot 1: 2 joined clicks of 1 impressions"])
  }

  @Test("a step that fails changes nothing, and the next one goes on")
  func failure() throws {
    try system.log.append((0..<50).map { .of(.impression, $0, at: Double($0)) })
    try system.joiner().step(limit: 10)
    let before = try system.store.snapshot()
    try system.store.writer.writeWithoutTransaction { db in
      let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      try db.execute(sql: "PRAGMA max_page_count = \(pages)")
    }
    #expect(throws: DatabaseError.self) { try system.joiner().catchUp() }
    try system.store.writer.writeWithoutTransaction {
      try $0.execute(sql: "PRAGMA max_page_count = 1000000")
    }
    #expect(try system.store.snapshot().count >= before.count)
    try system.joiner().catchUp()
    #expect(try system.store.count("impressions") == 50)
  }

  @Test("a row of the log that can't be read is counted and passed over")
  func unreadable() throws {
    try system.log.append([.of(.impression, 1, at: 0), .of(.impression, 2, at: 1)])
    try system.log.database.write {
      try $0.execute(sql: #"UPDATE events SET payload = x'FF' WHERE "offset" = 1"#)
    }
    let joiner = system.joiner()
    try joiner.catchUp()
    #expect(try system.store.count("impressions") == 1)
    #expect(
      try joiner.health().totals.contains {
        $0.kind == "unreadable" && $0.fate == "invalid" && $0.count == 1
      })
  }

  @Test("a store that is ahead of its log is refused with the way out")
  func otherLog() throws {
    try system.log.append([.of(.impression, 1, at: 0), .of(.impression, 2, at: 0)])
    try system.joiner().catchUp()
    let other = try TemporarySystem()
    let joiner = Joiner(log: other.log, store: system.store, configuration: .test, clock: { 0 })
    #expect(throws: JoinError.self) { try joiner.catchUp() }
  }

  @Test("copies of the files taken at any moment go on to the same result, as after a kill")
  func killed() throws {
    try system.log.append(
      (0..<60).flatMap {
        [Event.of(.impression, $0, at: Double($0) * 7), .of(.click, $0, at: Double($0) * 7 + 3)]
      })
    for round in 0..<8 {
      try system.joiner().step(limit: 17)
      let copy = FileManager.default.temporaryDirectory.appending(
        path: "adloop-kill-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: copy) }
      try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
      for name in ["events.sqlite", "events.sqlite-wal", "store.sqlite", "store.sqlite-wal"] {
        try FileManager.default.copyItem(
          at: system.directory.appending(path: name), to: copy.appending(path: name))
      }
      let (log, store) = (try EventLog(directory: copy), try Store(directory: copy))
      let joiner = Joiner(log: log, store: store, configuration: .test, clock: { 0 })
      try joiner.catchUp()
      let resumed = try store.snapshot()
      try joiner.rebuild()
      #expect(try store.snapshot() == resumed, "round \(round)")
      #expect(try store.count("clicks WHERE fate = 'joined'") == 60)
    }
  }
}
