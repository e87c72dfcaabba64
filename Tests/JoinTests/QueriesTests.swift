import Events
import Foundation
import GRDB
import Testing

@testable import Learning

/// The SQL that the documentation shows, run against a small store of everything.
@Suite struct QueriesTests {
  private static var queries: [String] {
    get throws {
      let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
      let page = root.appending(path: "Sources/Learning/Learning.docc/Queries.md")
      let text = try String(contentsOf: page, encoding: .utf8)
      return text.components(separatedBy: "```sql\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
    }
  }

  @Test("each of the ten queries runs and answers")
  func answers() throws {
    let system = try TemporarySystem()
    let promotion = #"{"model":"m1","action":"promoted","reason":"first","who":"test"}"#
    try system.appendUnchecked(
      JoinPropertyTests.stream(seed: 1) + [.control(.promotion, promotion, at: 3000)])
    try system.joiner().catchUp()
    try TrafficSums(system.store).catchUp()
    let queries = try Self.queries
    #expect(queries.count == 10)
    for query in queries {
      let rows = try system.store.reader.read { try Row.fetchAll($0, sql: query) }
      #expect(!rows.isEmpty, "no answer to: \(query)")
    }
  }

  @Test("questions about hours and days read the table of sums by its key, and nothing else")
  func plans() throws {
    let system = try TemporarySystem()
    for (view, start) in [("hourly", "hour_ms"), ("daily", "day_ms")] {
      let sql = "EXPLAIN QUERY PLAN SELECT sum(revenue) FROM \(view) WHERE \(start) >= 1 AND \(start) < 9"
      let plan = try system.store.reader.read { try Row.fetchAll($0, sql: sql) }.map { $0["detail"] as String }
      #expect(
        plan.contains { $0.contains("SEARCH traffic_sum USING PRIMARY KEY (span_ms=? AND start_ms>? AND start_ms<?)") })
      #expect(!plan.contains { $0.contains("SCAN traffic_sum") || $0.contains("TEMP B-TREE") }, "\(plan)")
    }
  }
}
