import Events
import GRDB
import Locking

extension Joiner {
  /// The last look at what must never be.
  struct Audit {
    var time: Milliseconds?
    var violations: [String] = []
  }

  /// What must never be: slots with more joined clicks than impressions, and a counted spend that differs from the prices
  /// of all billed clicks. Empty when all is well.
  ///
  /// Compares the counters, which every step adds to, with the click rows themselves: reads an index of all billed clicks,
  /// about 0.1 s a million.
  public func violations() throws -> [String] {
    try store.reader.read { try slotViolations($0) + spendViolations($0) }
  }

  /// The violations, of the billed clicks as they were at most ``JoinConfiguration/auditSeconds`` ago.
  func currentViolations(now: Milliseconds) throws -> [String] {
    let last = audit.withLock { $0 }
    if let time = last.time, abs(now - time) < configuration.auditPause { return last.violations }
    let found = try violations()
    audit.withLock { $0 = Audit(time: now, violations: found) }
    return found
  }

  private func slotViolations(_ db: Database) throws -> [String] {
    let sql = """
      SELECT traffic, slot, sum(count) FILTER (WHERE kind = 'click' AND fate = 'joined') AS clicks,
        sum(count) FILTER (WHERE kind IN ('impression', 'history') AND fate = 'stored') AS impressions
      FROM join_count WHERE slot > 0 GROUP BY traffic, slot
      HAVING coalesce(clicks, 0) > coalesce(impressions, 0)
      """
    return try Row.fetchAll(db, sql: sql).map { row in
      let (traffic, slot): (String, Int) = (row[0], row[1])
      let (clicks, impressions): (Int, Int) = (row[2] ?? 0, row[3] ?? 0)
      return "\(traffic) slot \(slot): \(clicks) joined clicks of \(impressions) impressions"
    }
  }

  private func spendViolations(_ db: Database) throws -> [String] {
    let counted = try spend(
      db,
      """
      SELECT traffic, sum(iif(kind = 'spend_micros', count, -count)) FROM join_count
      WHERE kind IN ('spend_micros', 'forgotten_micros') GROUP BY traffic
      """)
    let billed = try spend(
      db,
      """
      SELECT traffic, sum(CAST(round(price * 1e6) AS INTEGER)) FROM click
      WHERE fate = 'joined' AND traffic <> 'history' GROUP BY traffic
      """)
    return Set(counted.keys).union(billed.keys).sorted().compactMap { traffic in
      let (one, other) = (counted[traffic] ?? 0, billed[traffic] ?? 0)
      return one == other
        ? nil : "\(traffic): a spend of \(one) millionths is counted, billed clicks add up to \(other)"
    }
  }

  private func spend(_ db: Database, _ sql: String) throws -> [String: Int] {
    Dictionary(uniqueKeysWithValues: try Row.fetchAll(db, sql: sql).map { ($0[0], $0[1] ?? 0) })
  }
}
