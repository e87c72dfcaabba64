import Foundation
import GRDB
import Locking
import Statistics
import Testing

@testable import Events

/// Goal: events that leave the database for the archive are still events of the log, to the last bit, and whoever reads
/// doesn't notice. Method: logs of several days, archived, interrupted, damaged and searched.
@Suite struct ArchiveTests {
  private static let day: Milliseconds = 86_400_000
  private static let start: Milliseconds = 20_000 * day

  /// A log whose events were received over `dayCount` days, 4 an hour, of users u0 to u4.
  private func log(in folder: TemporaryDirectory, dayCount: Int) throws -> EventLog {
    let log = try EventLog(directory: folder.url)
    let events = (0..<dayCount * 96).map { number -> Event in
      var event = Event.of(number % 3 == 0 ? .click : .impression, number)
      event.served?.user = "u\(number % 5)"
      event.received = Self.start + Milliseconds(number) * Self.day / 96
      return event
    }
    try log.append(events)
    return log
  }

  private func all(_ log: EventLog, limit: Int = 50) throws -> [LogRow] {
    var rows: [LogRow] = []
    while true {
      let page = try log.read(after: rows.last?.offset ?? 0, limit: limit)
      if page.isEmpty { return rows }
      rows += page.map { LogRow(offset: $0.offset, $0.event) }
    }
  }

  private func databaseCount(_ log: EventLog) throws -> Int {
    try log.database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM events") ?? 0 }
  }

  @Test("every row reads back from its line to the last bit, strange, broken and foreign ones too", arguments: 0..<20)
  func lines(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    for kind in EventKind.allCases {
      var event = Event(kind: kind, time: -5, received: .max / 2)
      if kind.isAboutServedAd { event.served = .random(&generator) }
      if kind == .conversion { (event.value, event.conversionID) = (generator.nextUniform() * 1e300, "a\"b\n") }
      if !kind.isAboutServedAd { event.payload = Array(#"{"a": 1.50, "b":"ä"}"#.utf8) }
      event.clicked = kind == .history
      try expectReadsBack(LogRow(offset: 7, event), "seed \(seed)")
      event.served?.ctr = .nan
      event.value = event.value.map { _ in -.infinity }
      if !kind.isAboutServedAd { event.payload = [0xFF, 0, 0x22] }
      try expectReadsBack(LogRow(offset: .max, event), "seed \(seed)")
    }
    try expectReadsBack(LogRow(offset: 1, kind: 99, received: 1, time: 2, payload: Data([1, 2, 3])), "foreign")
    try expectReadsBack(LogRow(offset: 1, kind: 1, received: 1, time: 2, payload: Data()), "damaged")
  }

  private func expectReadsBack(_ row: LogRow, _ comment: Comment) throws {
    let line = row.json
    #expect(!line.contains(0x0A))
    #expect(try LogRow(json: line[...]) == row, "\(comment): \(String(decoding: line, as: UTF8.self))")
  }

  @Test("whole days move to gzip files in order, and readers see the same log")
  func archiving() throws {
    let folder = try TemporaryDirectory()
    let log = try log(in: folder, dayCount: 4)
    let before = try all(log)
    let reports = try log.archive(before: Self.start + 3 * Self.day, through: .max)
    #expect(reports.map(\.day) == ["2024-10-04", "2024-10-05", "2024-10-06"])
    #expect(reports.map(\.eventCount) == [96, 96, 96])
    #expect(try databaseCount(log) == 96)
    for limit in [1, 7, 96, 1000] { #expect(try all(log, limit: limit) == before, "limit \(limit)") }
    let middle = try log.read(after: 200, limit: 3).map(\.offset)
    #expect(middle == [201, 202, 203])
    let file = folder.url.appending(path: "archive/2024-10-05.ndjson.gz")
    #expect(try Data(contentsOf: file).prefix(2) == Data([0x1F, 0x8B]))
    let reopened = try EventLog(directory: folder.url)
    #expect(try all(reopened) == before)
    #expect(try reopened.append([.of(.impression, 9999)]) == [.stored(offset: 385)])
  }

  @Test("a day stays until an event of a later day is there and everything of it is joined")
  func incompleteDays() throws {
    let log = try log(in: TemporaryDirectory(), dayCount: 2)
    #expect(try log.archive(before: .max / 2, through: 95).isEmpty)
    #expect(try log.archive(before: Self.start + Self.day - 1, through: .max).isEmpty)
    #expect(try log.archive(before: .max / 2, through: .max).count == 1)
    #expect(try log.archive(before: .max / 2, through: .max).isEmpty)
    #expect(try databaseCount(log) == 96)
  }

  @Test("an event received by a slow clock goes with the day of the event before it")
  func slowClock() throws {
    let log = try EventLog(directory: TemporaryDirectory().url)
    let days: [Milliseconds] = [0, 1, 0, 2, 1, 3]
    try log.append(
      days.enumerated().map { number, day in
        var event = Event.of(.impression, number)
        event.received = Self.start + day * Self.day
        return event
      })
    let before = try all(log)
    #expect(try log.archive(before: .max / 2, through: .max).map(\.eventCount) == [1, 2, 2])
    #expect(try all(log) == before)
  }

  @Test("a kill after a file got its name, or in the middle of deleting, costs and doubles nothing")
  func interruptedArchiving() throws {
    let folder = try TemporaryDirectory()
    let log = try log(in: folder, dayCount: 3)
    let before = try all(log)
    let day = try log.database.read { try EventTable.read($0, after: 40, limit: 56) }
    try log.archive(before: Self.start + Self.day, through: .max)
    try log.database.write { db in
      for row in day {
        try db.execute(
          sql: "INSERT INTO events VALUES (?, ?, ?, ?, ?)",
          arguments: [row.offset, row.kind, row.received, row.time, row.payload])
      }
    }
    #expect(try all(log) == before)
    #expect(log.inspect().problems.isEmpty)
    #expect(try log.archive(before: Self.start + 2 * Self.day, through: .max).map(\.eventCount) == [56, 96])
    #expect(try all(log) == before)
    #expect(try databaseCount(log) == 96)
  }

  @Test("old days are deleted only when they end in time and hold nothing that is still needed")
  func deletion() throws {
    let log = try log(in: TemporaryDirectory(), dayCount: 4)
    try log.archive(before: .max / 2, through: .max)
    #expect(try log.deleteArchive(before: Self.start + 3 * Self.day, through: 100).map(\.eventCount) == [96])
    #expect(try log.deleteArchive(before: Self.start + 2 * Self.day - 1, through: .max).isEmpty)
    #expect(try log.deleteArchive(before: .max / 2, through: .max).map(\.eventCount) == [96, 96])
    #expect(try all(log).map(\.offset) == Array(289...384))
    #expect(log.inspect().firstOffset == 289)
  }

  @Test("an erased person is nowhere in the files, everyone else stays, and no offset changes")
  func erasure() throws {
    let folder = try TemporaryDirectory()
    let log = try log(in: folder, dayCount: 3)
    try log.append([
      Event(
        kind: .decision, time: 1, received: Self.start + 3 * Self.day, payload: Array(#"{"user":"u3","x":1}"#.utf8)),
      .of(.impression, 5000),
    ])
    try log.archive(before: Self.start + 2 * Self.day, through: .max)
    let before = try all(log)
    let counts = try log.erase(user: "u3")
    #expect(counts.archivedEvents + counts.logEvents == before.count { $0.event.served?.user == "u3" } + 1)
    #expect(counts.archivedEvents > 0 && counts.logEvents > 0)
    #expect(try log.count(user: "u3") == ErasureRecord.Counts())
    let after = try all(log)
    #expect(after.map(\.offset) == before.map(\.offset))
    #expect(after.map(\.received) == before.map(\.received))
    for (old, new) in zip(before, after) where old != new {
      #expect(new.event.kind == .clock)
      #expect(old.event.served?.user ?? "u3" == "u3")
    }
    let bytes = try Data(contentsOf: folder.url.appending(path: "events.sqlite"))
    #expect(bytes.firstRange(of: Data("u3".utf8)) == nil)
    #expect(bytes.firstRange(of: Data("u4".utf8)) != nil)
    #expect(log.inspect().problems.isEmpty)
    let record = ErasureRecord(user: "u3", before: counts, after: .init())
    #expect(record.isAbout("u3") && !record.isAbout("u4"))
  }

  @Test("a backup taken under load is a sound log with everything that was acknowledged before")
  func backup() throws {
    let (folder, target) = (try TemporaryDirectory(), try TemporaryDirectory())
    let log = try log(in: folder, dayCount: 3)
    try log.archive(before: Self.start + Self.day, through: .max)
    let acknowledged = log.lastOffset
    let isDone = Locked(false)
    DispatchQueue.concurrentPerform(iterations: 2) { worker in
      if worker == 0 {
        try? log.backUp(to: target.url)
        isDone.withLock { $0 = true }
      } else {
        var number = 10_000
        while !isDone.withLock({ $0 }) {
          _ = try? log.append([.of(.impression, number)])
          number += 1
        }
      }
    }
    let copy = try EventLog(directory: target.url)
    #expect(copy.lastOffset >= acknowledged)
    #expect(copy.inspect().problems.isEmpty)
    let rows = try all(copy)
    #expect(try all(log).starts(with: rows))
  }

  @Test("an inspection names the damaged file and line, and missing events")
  func inspection() throws {
    let folder = try TemporaryDirectory()
    let log = try log(in: folder, dayCount: 3)
    try log.archive(before: .max / 2, through: .max)
    let file = folder.url.appending(path: "archive/2024-10-04.ndjson.gz")
    var bytes = try Data(contentsOf: file)
    bytes[bytes.count / 2] ^= 0x10
    try bytes.write(to: file)
    try log.database.write { try $0.execute(sql: #"DELETE FROM events WHERE "offset" = 200"#) }
    let problems = log.inspect().problems
    #expect(problems.contains { $0.contains("2024-10-04.ndjson.gz") }, "\(problems)")
    #expect(problems.contains { $0.contains("200") && $0.contains("missing") }, "\(problems)")
  }
}
