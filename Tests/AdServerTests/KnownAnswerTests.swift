import Events
import Foundation
import GRDB
import Learning
import Locking
import Statistics
import Testing

@testable import AdServer

/// Goal: whatever mixture of good, bad and strange events is sent, in whatever order and to whichever replica, the counts,
/// joins, bills and labels are exactly those that the sender can work out. Method: each decision plays one part whose
/// outcome is known; all reports are shuffled, split into calls and sent to two replicas of one system.
@Suite struct KnownAnswerTests {
  @Test("shuffled, copied, late, orphaned, forged and robots' events count exactly as known", arguments: 0..<6)
  func counts(seed: Int) async throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let system = try TwoReplicas()
    let script = EventScript(decisionCount: 170, sealer: system.sealer, using: &generator)
    var receipt = EventIntake.Receipt()
    for call in script.calls(using: &generator) {
      let answer = try await system.send(call, to: Int.random(in: 0...1, using: &generator))
      receipt.accepted += answer.accepted
      receipt.duplicates += answer.duplicates
      receipt.rejected += answer.rejected
    }
    #expect(receipt.rejected.count == script.rejectedCount, "seed \(seed)")
    #expect(receipt.accepted + receipt.duplicates == script.reports.count - script.rejectedCount, "seed \(seed)")
    try system.joinAfterWindows()
    let answer = try Answer(system.store)
    #expect(answer.fates == script.answer.fates, "seed \(seed)")
    #expect(answer.copies == script.answer.copies, "seed \(seed)")
    #expect(answer.labels == script.answer.labels, "seed \(seed)")
    #expect(answer.billed == script.answer.billed, "seed \(seed)")
    #expect(answer.countedSpendMicros == script.answer.countedSpendMicros, "seed \(seed)")
    #expect(try system.joiner.violations().isEmpty, "seed \(seed)")
    try system.joiner.rebuild()
    #expect(try Answer(system.store) == answer, "seed \(seed)")
  }
}

/// What is known of a set of events.
struct Answer: Equatable {
  /// "view fate reason" → rows.
  var fates: [String: Int] = [:]
  /// "kind ad" → copies beyond the first.
  var copies = 0
  /// Label by ad.
  var labels: [String: Bool] = [:]
  /// Price by ad of the billed clicks.
  var billed: [String: Double] = [:]
  var countedSpendMicros = 0

  init() {}

  init(_ store: Store) throws {
    try store.reader.read { db in
      for view in ["impressions", "clicks", "conversions"] {
        let sql = "SELECT fate || ' ' || coalesce(reason, '-'), count(*) FROM \(view) GROUP BY 1"
        for row in try Row.fetchAll(db, sql: sql) { fates["\(view) \(row[0] as String)"] = row[1] }
      }
      copies = try Int.fetchOne(db, sql: "SELECT total(count) FROM duplicates") ?? 0
      for row in try Row.fetchAll(db, sql: "SELECT ad, label FROM examples WHERE traffic = 'live'") {
        labels[row[0]] = row[1]
      }
      let billed = "SELECT ad, price FROM clicks WHERE traffic = 'live' AND fate = 'joined'"
      for row in try Row.fetchAll(db, sql: billed) { self.billed[row[0]] = row[1] }
      countedSpendMicros =
        try Int.fetchOne(db, sql: "SELECT sum(count) FROM join_count WHERE kind = 'spend_micros'") ?? 0
    }
  }
}
