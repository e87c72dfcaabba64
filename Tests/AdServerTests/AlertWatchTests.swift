import Events
import Foundation
import Learning
import Locking
import Logging
import Monitoring
import Testing

@testable import AdServer

@Suite("Alerts of a system")
struct AlertWatchTests {
  private static let minute: Milliseconds = 60_000
  private static let week = 7 * 24 * 60 * minute
  /// A Friday noon.
  private static let noon = 20_000 * 24 * 60 * minute + 12 * 60 * minute
  private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  /// A system with traffic until `end` minutes after noon, on this day and the same weekdays before; `filled` of 100 slots a
  /// minute get an ad.
  private func system(until end: Int, filled: (_ weeksBack: Int, _ minute: Int) -> Int = { _, _ in 100 }) throws
    -> TestSystem
  {
    let test = try TestSystem()
    for weeks in [3, 2, 1, 0] { try addTraffic(test, weeksBack: weeks, minutes: -60..<end) { filled(weeks, $0) } }
    return test
  }

  private func addTraffic(_ test: TestSystem, weeksBack: Int, minutes: Range<Int>, filled: (Int) -> Int) throws {
    let events = try minutes.map { minute in
      let time = Self.noon - Milliseconds(weeksBack) * Self.week + Milliseconds(minute) * Self.minute
      let slots = TrafficReport.Slots(asked: [100], filled: [filled(minute)])
      let report = TrafficReport(
        since: time, cells: [.init(place: .init(context: ["device": "mobile"], model: "m"), slots: slots)])
      return Event(kind: .traffic, time: time, received: time, payload: Array(try JSONEncoder().encode(report)))
    }
    try test.system.log.append(events)
    try test.system.joiner.catchUp()
  }

  /// Looks every minute, by a clock that is told.
  private func watch(_ test: TestSystem, _ minutes: ClosedRange<Int>, webhook: Webhook? = nil) throws {
    let watch = try AlertWatch(test.system, webhook: webhook, logger: Self.logger)
    for minute in minutes {
      try watch.step(now: Self.noon + Milliseconds(minute) * Self.minute + AlertWatch.settlingMilliseconds)
      try test.system.joiner.catchUp()
    }
  }

  private func changes(_ test: TestSystem) throws -> [String] {
    try AlertHistory(test.system).report().changes.reversed().map { "\($0.name) \($0.state.rawValue)" }
  }

  @Test("a planted drop of fill is pending, fires, is told to the webhook, and resolves; nothing else is raised")
  func drop() throws {
    let messages = Locked<[String]>([])
    let webhook = Webhook(queueCountMax: 10, attemptCountMax: 1, logger: Self.logger) { message, completion in
      messages.withLock { $0.append(String(decoding: message, as: UTF8.self)) }
      completion(true)
    }
    let test = try system(until: 200) { weeks, minute in weeks == 0 && (30..<60).contains(minute) ? 50 : 100 }
    try watch(test, 0...200, webhook: webhook)
    #expect(try changes(test) == ["fill pending", "fill firing", "fill resolved"])
    let report = try AlertHistory(test.system).report()
    #expect(report.active.isEmpty)
    #expect(report.changes[1].time == "2024-10-04T12:40:00Z" && report.changes[1].since == "2024-10-04T12:35:00Z")
    #expect(
      report.changes[1].reason.contains("fill rate of the last 5 minutes 50 % below the same time in 3 past weeks"))
    #expect(messages.withLock { $0.count } == 2)
    #expect(messages.withLock { $0.first?.contains(#""state":"firing""#) } == true)
  }

  @Test("quiet weeks raise nothing, and what was over before the watch began is not raised")
  func quiet() throws {
    let test = try system(until: 120) { weeks, minute in weeks == 0 && (-60..<0).contains(minute) ? 0 : 100 }
    try watch(test, 61...120)
    #expect(try changes(test).isEmpty)
  }

  @Test("after a restart an alert fires on, with the time when it began, and resolves")
  func restart() throws {
    let test = try system(until: 40) { weeks, minute in weeks == 0 && minute >= 20 ? 50 : 100 }
    try watch(test, 0...40)
    #expect(try AlertHistory(test.system).report().active.map(\.state) == [.firing])
    let since = try #require(AlertHistory(test.system).active().first?.since)
    // The store is derived: it may be lost.
    try test.system.joiner.rebuild()
    try addTraffic(test, weeksBack: 0, minutes: 40..<60) { _ in 50 }
    for weeks in [3, 2, 1] { try addTraffic(test, weeksBack: weeks, minutes: 40..<180) { _ in 100 } }
    try watch(test, 41...60)
    #expect(try changes(test) == ["fill pending", "fill firing"])
    #expect(try AlertHistory(test.system).active().first?.since == since)
    try addTraffic(test, weeksBack: 0, minutes: 60..<180) { _ in 100 }
    try watch(test, 61...180)
    #expect(try changes(test).last == "fill resolved")
  }

  @Test("a series that is kept is that of the events, and is read once")
  func series() throws {
    let test = try system(until: 10)
    let table = TrafficSeriesTable(store: test.system.store)
    let first = Int(Self.noon / TrafficSeriesTable.stepLength)
    let read = try table.read(first - 1..<first + 3)
    #expect(read.map(\.measures.requests) == [500, 500, 500, 0])
    #expect(read[0].measures.asked == 500 && read[0].measures.filled == 500)
    try table.keep(read, droppingBefore: first)
    #expect(try table.kept().map(\.step) == [first, first + 1, first + 2])
    #expect(try table.kept().map(\.measures) == read.dropFirst().map(\.measures))
    #expect(try table.firstStep() == Int((Self.noon - 3 * Self.week) / TrafficSeriesTable.stepLength) - 12)
  }
}

@Suite("Alert webhook")
struct WebhookTests {
  private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  @Test("a webhook that fails is tried again with growing pauses, then given up; what finds the queue full is counted")
  func fails() {
    let attempts = Locked(0)
    let pauses = Locked<[Double]>([])
    let later = Locked<[@Sendable () -> Void]>([])
    let webhook = Webhook(
      queueCountMax: 2, attemptCountMax: 4, logger: Self.logger,
      transport: { _, completion in
        attempts.withLock { $0 += 1 }
        completion(false)
      },
      delay: { seconds, work in
        pauses.withLock { $0.append(seconds) }
        later.withLock { $0.append(work) }
      })
    for index in 0..<5 { webhook.send(Data("\(index)".utf8)) }
    #expect(webhook.counts == [.turnedAway: 3])
    while let work = later.withLock({ $0.popLast() }) { work() }
    #expect(webhook.counts == [.turnedAway: 3, .failed: 2])
    #expect(attempts.withLock { $0 } == 8)
    #expect(pauses.withLock { $0 } == [1, 2, 4, 1, 2, 4])
  }

  @Test("a webhook that never answers holds nobody up, and one that answers again gets what waits, in order")
  func stalls() {
    let messages = Locked<[String]>([])
    let waiting = Locked<[@Sendable (Bool) -> Void]>([])
    let webhook = Webhook(queueCountMax: 3, attemptCountMax: 2, logger: Self.logger) { message, completion in
      messages.withLock { $0.append(String(decoding: message, as: UTF8.self)) }
      waiting.withLock { $0.append(completion) }
    }
    for text in ["a", "b", "c", "d"] { webhook.send(Data(text.utf8)) }
    #expect(messages.withLock { $0 } == ["a"])
    while let completion = waiting.withLock({ $0.popLast() }) { completion(true) }
    #expect(messages.withLock { $0 } == ["a", "b", "c"])
    #expect(webhook.counts == [.delivered: 3, .turnedAway: 1])
  }

  @Test("an address that is none is refused, and no address is no webhook")
  func addresses() throws {
    var settings = WebhookSettings()
    #expect(try Webhook(settings, logger: Self.logger) == nil)
    settings.url = "ftp://example.org"
    #expect(throws: WebhookError.self) { try Webhook(settings, logger: Self.logger) }
    settings.url = "https://example.org/hook"
    #expect(try Webhook(settings, logger: Self.logger) != nil)
  }
}
