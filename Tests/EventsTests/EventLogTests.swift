import Foundation
import GRDB
import Locking
import Statistics
import Testing

@testable import Events

@Suite struct EventLogTests {
  let directory = try! TemporaryDirectory()

  private var file: URL { directory.url.appending(path: "events.sqlite") }

  private func open(_ change: (inout EventLogConfiguration) -> Void = { _ in }) throws -> EventLog {
    var configuration = EventLogConfiguration()
    change(&configuration)
    return try EventLog(directory: directory.url, configuration: configuration)
  }

  @Test("what was appended is read back in order, with every field")
  func readsBack() throws {
    let log = try open()
    var generator = SeededGenerator(seed: 7)
    let events =
      (0..<500).map { index in
        let kind: EventKind = [.impression, .click, .conversion, .history].randomElement(
          using: &generator)!
        return Event(
          kind: kind, served: .random(&generator), time: Int64(index) - 250, received: Int64(index),
          value: kind == .conversion ? generator.nextUniform() : nil,
          conversionID: kind == .conversion ? "c😀" : nil,
          clicked: index % 2 == 0, invalidReason: index % 5 == 0 ? .allCases.randomElement(using: &generator) : nil)
      } + [Event(kind: .promotion, time: 1, received: 2, payload: Array(#"{"model":"m1"}"#.utf8))]
    let fates = try log.append(events)
    #expect(fates == (1...events.count).map { .stored(offset: Int64($0)) })
    let back = try log.read(after: 0, limit: 1000)
    #expect(back.map(\.offset) == (1...Int64(events.count)).map { $0 })
    #expect(back.map(\.event) == events)
    #expect(try log.read(after: 499, limit: 1).map(\.offset) == [500])
    #expect(log.lastOffset == Int64(events.count))
  }

  @Test("the log syncs every commit: synchronous is FULL after opening")
  func synchronous() throws {
    let log = try open()
    #expect(try log.synchronousSetting() == 2)
  }

  @Test(
    "an event counts once for each token and kind, a conversion once for each id, a control event always"
  )
  func duplicates() throws {
    let log = try open()
    #expect(
      try log.append([.of(.impression), .of(.impression), .of(.click)])
        == [.stored(offset: 1), .duplicate, .stored(offset: 3)])
    #expect(
      try log.append([.of(.click), .of(.impression, slot: 2), .of(.impression, 2)])
        == [.duplicate, .stored(offset: 5), .stored(offset: 6)])
    var (a, b) = (Event.of(.conversion), Event.of(.conversion))
    (a.conversionID, b.conversionID) = ("a", "b")
    #expect(
      try log.append([a, b, a, .of(.conversion)])
        == [.stored(offset: 7), .stored(offset: 8), .duplicate, .stored(offset: 10)])
    let control = Event(kind: .promotion, time: 1, received: 1)
    #expect(try log.append([control, control]) == [.stored(offset: 11), .stored(offset: 12)])
    let copies = try log.read(after: 0, limit: 20).map(\.event).filter { $0.kind == .duplicate }
    #expect(
      try copies.map { try EventCopy(payload: $0.payload) }
        == [.impression, .click, .conversion].map {
          EventCopy($0 == .conversion ? a : .of($0))
        })
  }

  @Test("an invalid event is no copy of one that counts")
  func invalid() throws {
    let log = try open()
    var bot = Event.of(.click)
    bot.invalidReason = .userAgent
    #expect(try log.append([bot, .of(.click), bot]) == [.stored(offset: 1), .stored(offset: 2), .duplicate])
    #expect(try log.read(after: 0, limit: 1).first?.event == bot)
  }

  @Test("a duplicate is recognised after a restart")
  func duplicatesAcrossRestart() throws {
    try open().close()
    let first = try open()
    try first.append([.of(.click, 5)])
    try first.close()
    #expect(
      try open().append([.of(.click, 5), .of(.click, 6)]) == [.duplicate, .stored(offset: 3)])
  }

  @Test("the memory for duplicates is bounded and holds at least the latest")
  func bounded() {
    var keys = RecentKeys(countMin: 10)
    for key in UInt128(0)..<1000 {
      keys.insert(key)
      for recent in max(0, Int(key) - 9)...Int(key) { #expect(keys.contains(UInt128(recent))) }
      if key >= 20 { #expect(!keys.contains(key - 20)) }
    }
  }

  @Test("appends of many threads share the log without loss or double count")
  func concurrent() throws {
    let log = try open()
    let counts = Locked((stored: 0, duplicate: 0))
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for round in 0..<40 {
        // Every event is sent by two threads.
        let events = (0..<5).map { Event.of(.impression, (thread / 2) * 1000 + round * 5 + $0) }
        let fates = (try? log.append(events)) ?? []
        let duplicateCount = fates.count { $0 == .duplicate }
        counts.withLock {
          $0 = ($0.stored + fates.count - duplicateCount, $0.duplicate + duplicateCount)
        }
      }
    }
    let (stored, duplicate) = counts.withLock { $0 }
    #expect(stored == 800 && duplicate == 800)
    let offsets = try log.read(after: 0, limit: 2000).map(\.offset)
    #expect(offsets == Array(1...1600))
  }

  @Test("two processes may append to one log; each answers for its own events")
  func twoWriters() throws {
    let (one, two) = (try open(), try open())
    for round in 0..<20 {
      #expect(try one.append([.of(.impression, round)]) == [.stored(offset: Int64(2 * round + 1))])
      #expect(try two.append([.of(.click, round)]) == [.stored(offset: Int64(2 * round + 2))])
    }
    #expect(one.lastOffset == 40)
  }

  @Test(
    "a full disk fails the batch, acknowledges nothing, and the log recovers when there is space again"
  )
  func fullDisk() throws {
    let log = try open()
    try log.append([.of(.impression, 0)])
    try log.limitPages(to: 3)
    var stored = 1
    var failure: EventLogError?
    while failure == nil, stored < 1000 {
      do { stored += try log.append((0..<20).map { .of(.impression, stored + $0) }).count } catch {
        failure = error as? EventLogError
      }
    }
    #expect(failure == .full)
    #expect(failure?.retryAfterSeconds != nil)
    #expect(log.lastOffset == Int64(stored))
    #expect(throws: EventLogError.full) {
      try log.append((0..<20).map { .of(.impression, stored + $0) })
    }
    try log.limitPages(to: 1 << 30)
    // Nothing of the failed batch is remembered: it isn't taken for a duplicate.
    let fates = try log.append((0..<20).map { .of(.impression, stored + $0) })
    #expect(fates == (0..<20).map { .stored(offset: Int64(stored + $0 + 1)) })
  }

  @Test("a batch larger than the queue is refused as such, and what would overfill it as busy")
  func backPressure() throws {
    let log = try open { $0.queueByteCountMax = 4000 }
    let error = #expect(throws: EventLogError.self) {
      try log.append((0..<100).map { .of(.impression, $0) })
    }
    #expect(error?.description.contains("in parts") == true)
    let results = Locked<[Result<[AppendFate], any Error>]>([])
    let answered = DispatchSemaphore(value: 0)
    // The file is locked by another connection, so nothing leaves the queue meanwhile.
    let other = try DatabaseQueue(path: file.path)
    try other.inTransaction(.immediate) { _ in
      for number in 0..<100 {
        log.append([.of(.impression, number)]) { result in
          results.withLock { $0.append(result) }
          answered.signal()
        }
      }
      return .rollback
    }
    for _ in 0..<100 { answered.wait() }
    let busy = results.withLock { $0.count { (try? $0.get()) == nil } }
    #expect((80...95).contains(busy))
    #expect(log.lastOffset == Int64(100 - busy))
  }

  @Test("close stores what waits, then takes nothing more")
  func close() throws {
    let log = try open()
    let results = Locked(0)
    for number in 0..<50 {
      log.append([.of(.impression, number)]) { result in
        if case .success = result { results.withLock { $0 += 1 } }
      }
    }
    try log.close()
    #expect(results.withLock { $0 } == 50)
    #expect(throws: EventLogError.closed) { try log.append([.of(.click)]) }
    try log.close()
    #expect(try open().lastOffset == 50)
  }

  @Test(
    "copies of the files taken at any commit open with exactly the acknowledged events, as after a kill"
  )
  func killed() throws {
    let log = try open()
    for round in 1...12 {
      try log.append((0..<10).map { .of(.impression, round * 10 + $0) })
      let copy = try copyFiles()
      let other = try EventLog(directory: copy.url)
      #expect(other.lastOffset == Int64(round * 10))
      #expect(other.report.recoveredByteCount > 0)
      try other.close()
    }
  }

  @Test("a write-ahead log torn at any place loses only whole commits from its end")
  func torn() throws {
    let log = try open()
    for round in 0..<6 { try log.append((0..<10).map { .of(.impression, round * 10 + $0) }) }
    let walSize = EventLogReport.byteCount(file.path + "-wal")
    for size in stride(from: 0, through: walSize, by: 1731) {
      let copy = try copyFiles()
      try FileHandle(forWritingTo: copy.url.appending(path: "events.sqlite-wal")).truncate(
        atOffset: UInt64(size))
      let other = try EventLog(directory: copy.url)
      let offsets = try other.read(after: 0, limit: 100).map(\.offset)
      #expect(offsets.count % 10 == 0)
      #expect(offsets == (0..<offsets.count).map { Int64($0 + 1) })
      #expect(try other.append([.of(.click, 999)]) == [.stored(offset: Int64(offsets.count + 1))])
      try other.close()
    }
  }

  @Test("a write-ahead log with a byte changed loses only whole commits from its end", arguments: 0..<12)
  func corrupted(seed: Int) throws {
    let log = try open()
    for round in 0..<6 { try log.append((0..<10).map { .of(.impression, round * 10 + $0) }) }
    var generator = SeededGenerator(seed: UInt64(seed))
    let copy = try copyFiles()
    let wal = copy.url.appending(path: "events.sqlite-wal")
    var bytes = try Data(contentsOf: wal)
    // Behind the first commits, which make the table.
    bytes[Int.random(in: bytes.count / 3..<bytes.count, using: &generator)] ^= 0x40
    try bytes.write(to: wal)
    let other = try EventLog(directory: copy.url)
    let offsets = try other.read(after: 0, limit: 100).map(\.offset)
    #expect(offsets.count % 10 == 0 && offsets == (0..<offsets.count).map { Int64($0 + 1) }, "seed \(seed)")
    #expect(try other.append([.of(.click, 999)]) == [.stored(offset: Int64(offsets.count + 1))], "seed \(seed)")
  }

  @Test("commits that fail at random acknowledge nothing, and what is sent until it is taken counts once")
  func failingCommits() throws {
    let log = try open()
    let faults = CommitFaults(seed: 11, failureShare: 0.4)
    log.database.add(transactionObserver: faults)
    DispatchQueue.concurrentPerform(iterations: 4) { thread in
      for round in 0..<25 {
        let events = (0..<4).map { Event.of(.impression, thread * 1000 + round * 4 + $0) }
        while (try? log.append(events)) == nil {}
      }
    }
    #expect(faults.failureCount > 10)
    let events = try log.read(after: 0, limit: 1000).map(\.event)
    #expect(events.count == 400 && Set(events.compactMap(\.served?.ad)).count == 400)
  }

  @Test("a damaged file is reported with the way out")
  func damaged() throws {
    let log = try open()
    for round in 0..<50 { try log.append((0..<20).map { .of(.impression, round * 20 + $0) }) }
    try log.close()
    let handle = try FileHandle(forWritingTo: file)
    try handle.seek(toOffset: 4096 * 5)
    try handle.write(contentsOf: Data(repeating: 0xA5, count: 4096))
    try handle.close()
    let error = #expect(throws: EventLogError.self) { try open() }
    #expect(error?.description.contains(".recover") == true)
    try Data("this is not a database, but a text of some length".utf8).write(to: file)
    #expect(throws: EventLogError.self) { try open() }
  }

  @Test("a row that can't be read is told as such and doesn't hide its neighbours")
  func unreadable() throws {
    let log = try open()
    try log.append([
      .of(.impression, 1), .of(.impression, 2), .of(.impression, 3), .of(.impression, 4),
    ])
    try log.close()
    try DatabaseQueue(path: file.path).write { db in
      try db.execute(sql: #"UPDATE events SET payload = x'01' WHERE "offset" = 2"#)
      try db.execute(sql: #"UPDATE events SET kind = 200 WHERE "offset" = 3"#)
    }
    let again = try open()
    #expect(
      try again.read(after: 0, limit: 9).map(\.event.kind) == [
        .impression, .unreadable, .unreadable, .impression,
      ])
    #expect(again.report.unreadableEventCount == 2)
  }
}

extension EventLog {
  /// Stands in for a disk without space: SQLite reports the same when the database may not grow.
  fileprivate func limitPages(to count: Int) throws {
    try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = \(count)") }
  }

  fileprivate func synchronousSetting() throws -> Int? {
    try database.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
  }
}

extension EventLogTests {
  /// What a process that is killed now leaves behind.
  private func copyFiles() throws -> TemporaryDirectory {
    let copy = try TemporaryDirectory()
    for name in ["events.sqlite", "events.sqlite-wal"] {
      try FileManager.default.copyItem(
        at: directory.url.appending(path: name), to: copy.url.appending(path: name))
    }
    return copy
  }
}
