import Events
import Foundation
import Statistics
import Testing

@testable import Learning

/// Goal: whatever arrives, in whatever order, the join counts, joins and labels by its rules, and how it is run doesn't
/// matter. Method: seeded streams of shuffled, repeated, early, late and orphaned events of all traffic, against
/// ``JoinModel``.
@Suite struct JoinPropertyTests {
  @Test("joins, fates, labels and counts are exactly those of the rules", arguments: 0..<40)
  func rules(seed: Int) throws {
    let system = try TemporarySystem()
    try system.appendUnchecked(Self.stream(seed: UInt64(seed)))
    try system.joiner().catchUp()
    try expectModel(system, "seed \(seed)")
  }

  @Test("the streams of these tests bring about every fate")
  func everyFate() throws {
    var seen = Set<String>()
    for seed in UInt64(0)..<10 {
      let log = Self.stream(seed: seed).enumerated().map { (offset: Int64($0 + 1), event: $1) }
      seen.formUnion(JoinModel(log, configuration: .test).counts.keys)
    }
    let fates = ["joined", "late", "orphan", "duplicate", "bot", "invalid", "expired"]
    for fate in fates.flatMap({ ["click \($0)", "conversion \($0)"] }) + [
      "click correction", "impression duplicate", "impression bot",
    ] {
      #expect(seen.contains("live \(fate)"), "\(fate)")
    }
  }

  @Test(
    "the length of steps, and which of two joiners takes them, changes nothing", arguments: 0..<10)
  func steps(seed: Int) throws {
    let events = Self.stream(seed: UInt64(1000 + seed))
    let (whole, parts) = (try TemporarySystem(), try TemporarySystem())
    try whole.appendUnchecked(events)
    try whole.joiner().catchUp()
    var generator = SeededGenerator(seed: UInt64(seed))
    let otherStore = try Store(directory: parts.directory)
    let joiners = [
      parts.joiner(), Joiner(log: parts.log, store: otherStore, configuration: .test, clock: { 0 }),
    ]
    var rest = events[...]
    while !rest.isEmpty {
      let count = Int.random(in: 1...20, using: &generator)
      try parts.appendUnchecked(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
      try joiners.randomElement(using: &generator)!.step(
        limit: Int.random(in: 1...15, using: &generator))
    }
    for joiner in joiners { try joiner.catchUp() }
    #expect(try parts.store.snapshot() == whole.store.snapshot(), "seed \(seed)")
  }

  @Test(
    "a rebuild from the log gives identical tables, windows closed while idle included",
    arguments: 0..<10)
  func rebuild(seed: Int) throws {
    let system = try TemporarySystem()
    var generator = SeededGenerator(seed: UInt64(seed))
    var rest = Self.stream(seed: UInt64(2000 + seed))[...]
    while !rest.isEmpty {
      let part = rest.prefix(Int.random(in: 1...60, using: &generator))
      rest = rest.dropFirst(part.count)
      try system.appendUnchecked(Array(part))
      // Some time passes without events before the join looks: it closes windows by the clock.
      let pause = Milliseconds.random(in: 0...60_000, using: &generator)
      try system.joiner(now: part.map(\.received).max()! + pause).catchUp()
    }
    try expectModel(system, "seed \(seed)")
    let before = try system.store.snapshot()
    try system.joiner().rebuild()
    #expect(try system.store.snapshot() == before, "seed \(seed)")
  }

  @Test("two joiners at once, while events come in, give what one gives")
  func concurrent() throws {
    let system = try TemporarySystem()
    let events = Self.stream(seed: 77, count: 300)
    let otherStore = try Store(directory: system.directory)
    let joiners = [
      system.joiner(),
      Joiner(log: system.log, store: otherStore, configuration: .test, clock: { 0 }),
    ]
    let producer = Thread {
      for event in events { #expect(throws: Never.self) { try system.appendUnchecked([event]) } }
    }
    producer.start()
    DispatchQueue.concurrentPerform(iterations: 2) { worker in
      do {
        while system.log.lastOffset < events.count { try joiners[worker].step(limit: 7) }
        try joiners[worker].catchUp()
      } catch { Issue.record("\(error)") }
    }
    try expectModel(system, "")
  }

  private func expectModel(_ system: TemporarySystem, _ comment: Comment) throws {
    let log = try system.log.read(after: 0, limit: 100_000)
    let model = JoinModel(log, configuration: .test)
    let store = system.store
    #expect(
      try store.strings("SELECT id FROM impressions ORDER BY id") == model.impressions, comment)
    let joins = "id || ' ' || coalesce(impression_id, '-') || ' ' || fate"
    #expect(try store.strings("SELECT \(joins) FROM clicks ORDER BY id") == model.clicks, comment)
    #expect(
      try store.strings("SELECT \(joins) FROM conversions ORDER BY id") == model.conversions,
      comment)
    #expect(
      try store.strings("SELECT impression_id || ' ' || label FROM examples ORDER BY id")
        == model.examples, comment)
    let joiner = system.joiner(now: log.last!.event.received)
    let totals = try joiner.health().totals.filter { !$0.traffic.isEmpty }
    let counts = Dictionary(
      uniqueKeysWithValues: totals.map { ("\($0.traffic) \($0.kind) \($0.fate)", $0.count) })
    #expect(counts == model.counts, comment)
    let copy = "kind || ' ' || decision || ' ' || slot || ' ' || conversion_id || ' ' || count"
    #expect(
      try store.strings("SELECT \(copy) FROM duplicates").sorted() == model.copies.map { "\($0) \($1)" }.sorted(),
      comment)
    #expect(try joiner.violations().isEmpty, comment)
    #expect(
      try joiner.health().openImpressionCount == model.countedImpressions - model.examples.count,
      comment)
    let spend = model.clicks.count { $0.hasSuffix("joined") }
    let history = try store.count("clicks WHERE traffic = 'history'")
    let micros = try store.strings(
      "SELECT coalesce(sum(count), 0) FROM join_count WHERE kind = 'spend_micros'")
    #expect(micros == ["\((spend - history) * 750_000)"], comment)
  }

  /// Events of about 40 ads over 20 minutes, of which a part is lost, repeated, delayed or shuffled.
  static func stream(seed: UInt64, count: Int = 200) -> [Event] {
    var generator = SeededGenerator(seed: seed)
    var events: [Event] = []
    while events.count < count {
      let number = Int.random(in: 0..<count / 4, using: &generator)
      // One traffic for each ad: a token has only one.
      let traffic: Traffic = [.live, .live, .live, .dryRun, .probe, .history][number % 6]
      let time = Double(number) * 1200 / Double(count / 4)
      let delay = [0, 20, 20.049, 20.05, 50, 119.999, 120, 120.001, 150, 499, 600].randomElement(using: &generator)!
      let kind: EventKind = [.impression, .impression, .click, .conversion].randomElement(
        using: &generator)!
      let isHistory = traffic == .history
      let reason: InvalidReason? =
        !isHistory && Int.random(in: 0..<10, using: &generator) == 0
        ? InvalidReason.allCases.randomElement(using: &generator) : nil
      events.append(
        .of(
          isHistory ? .history : kind, number, at: kind == .impression ? time : time + delay - 20,
          slot: Int.random(in: 1...2, using: &generator), traffic: traffic,
          conversionID: ["a", "b"].randomElement(using: &generator)!,
          clicked: isHistory && number % 4 == 0, invalidReason: reason))
    }
    return received(events, using: &generator)
  }

  /// Mostly in the order of their times, some far from it; receive times nearly ascend.
  private static func received(_ events: [Event], using generator: inout SeededGenerator) -> [Event] {
    let order = events.map { event in
      let isDelayed = Double.random(in: 0..<1, using: &generator) < 0.2
      let delay: Milliseconds =
        isDelayed
        ? .random(in: 0...400_000, using: &generator) : .random(in: 0...5_000, using: &generator)
      return (arrival: event.time + delay, event: event)
    }
    return order.sorted { $0.arrival < $1.arrival }.map { arrival, event in
      var event = event
      event.received = max(start, arrival - Milliseconds.random(in: 0...2_000, using: &generator))
      // A third of the senders tell no time.
      if Int.random(in: 0..<3, using: &generator) == 0 { event.time = event.received }
      return event
    }
  }
}
