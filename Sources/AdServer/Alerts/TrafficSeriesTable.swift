import Events
import Foundation
import GRDB
import Learning
import Monitoring

/// Keeps traffic by steps of minutes in the store, so that a restart needn't read weeks of events again.
struct TrafficSeriesTable {
  /// Milliseconds of a step.
  static let stepLength = Milliseconds(TrafficSeries.stepMinutes) * 60_000
  /// Steps that are read from the events at once.
  static let readStepCountMax = 288

  let store: Store

  /// The steps that are kept, oldest first.
  func kept() throws -> [(step: Int, measures: TrafficMeasures)] {
    let rows = try store.reader.read {
      try Row.fetchAll(
        $0, sql: "SELECT step, measures FROM traffic_series WHERE step_ms = ? ORDER BY step",
        arguments: [Self.stepLength])
    }
    let decoder = JSONDecoder()
    return try rows.map { row in
      (row[0], try decoder.decode(TrafficMeasures.self, from: Data((row[1] as String).utf8)))
    }
  }

  /// Keeps steps and drops those before `first`.
  func keep(_ steps: [(step: Int, measures: TrafficMeasures)], droppingBefore first: Int) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    try store.writer.write { db in
      for (step, measures) in steps {
        try db.execute(
          sql: "INSERT OR REPLACE INTO traffic_series (step_ms, step, measures) VALUES (?, ?, ?)",
          arguments: [Self.stepLength, step, String(decoding: try encoder.encode(measures), as: UTF8.self)])
      }
      try db.execute(sql: "DELETE FROM traffic_series WHERE step < ?", arguments: [first])
    }
  }

  /// The step of the first event of live traffic; `nil` before there is any.
  func firstStep() throws -> Int? {
    let times = try store.reader.read { db in
      try [
        "SELECT min(time_ms) FROM impression WHERE traffic = 'live'",
        "SELECT min(time_ms) FROM control WHERE kind = \(EventKind.traffic.rawValue)",
      ].compactMap { try Milliseconds.fetchOne(db, sql: $0) }
    }
    return times.min().map { Int($0 / Self.stepLength) }
  }

  /// What the events tell of `steps`.
  func read(_ steps: Range<Int>) throws -> [(step: Int, measures: TrafficMeasures)] {
    var measures = Array(repeating: TrafficMeasures(), count: steps.count)
    try store.reader.read { db in
      for source in Self.sources {
        let period = [steps.lowerBound, steps.upperBound].map { Milliseconds($0) * Self.stepLength }
        for row in try Row.fetchAll(db, sql: source.sql, arguments: StatementArguments(period)) {
          source.put(row, &measures[(row[0] as Int) - steps.lowerBound])
        }
      }
    }
    return zip(steps, measures).map { ($0, $1) }
  }

  private struct Source: Sendable {
    let sql: String
    let put: @Sendable (Row, inout TrafficMeasures) -> Void
  }

  private static let sources = [
    Source(
      sql: """
        SELECT time_ms / \(stepLength), total(json_extract(cell.value, '$.slots.asked[0]')),
          total((SELECT total(value) FROM json_each(cell.value, '$.slots.asked'))),
          total((SELECT total(value) FROM json_each(cell.value, '$.slots.filled')))
        FROM control, json_each(control.payload, '$.cells') AS cell
        WHERE kind = \(EventKind.traffic.rawValue) AND payload IS NOT NULL AND time_ms >= ? AND time_ms < ? GROUP BY 1
        """
    ) { row, measures in (measures.requests, measures.asked, measures.filled) = (row[1], row[2], row[3]) },
    Source(
      sql: """
        SELECT time_ms / \(stepLength), total(traffic = 'live'), total(traffic = 'invalid') FROM impression
        WHERE time_ms >= ? AND time_ms < ? GROUP BY 1
        """
    ) { row, measures in
      measures.impressions = row[1]
      measures.invalid += row[2] as Double
    },
    Source(
      sql: """
        SELECT time_ms / \(stepLength), total(fate = 'joined'), total(price * (fate = 'joined')),
          total(price * price * (fate = 'joined')), total(fate = 'orphan'), total(fate IN ('bot', 'expired', 'invalid'))
        FROM click WHERE traffic IN ('live', 'invalid') AND time_ms >= ? AND time_ms < ? GROUP BY 1
        """
    ) { row, measures in
      (measures.clicks, measures.revenue, measures.squaredPrices, measures.orphans) = (row[1], row[2], row[3], row[4])
      measures.invalid += row[5] as Double
    },
  ]
}
