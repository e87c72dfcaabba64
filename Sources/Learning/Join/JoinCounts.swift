import Events
import GRDB

/// What one step of the join counted, to be added to the counters of the store in the step's transaction.
struct JoinCounts {
  /// Length of the time buckets of ``JoinHealth``.
  static let bucketMilliseconds: Milliseconds = 300_000
  /// How long buckets are kept: a week.
  static let retentionMilliseconds: Milliseconds = 7 * 86_400_000

  struct Key: Hashable {
    let traffic: String
    let slot: Int
    let kind: String
    let fate: String
  }

  private(set) var totals: [Key: Int] = [:]
  /// Times from impression to click of the live joined clicks; as many as the step has clicks.
  private(set) var clickDelays: [Milliseconds] = []
  private var recent: [Milliseconds: [String: Int]] = [:]

  /// Counts an event; live ones also in the time bucket in which they were received.
  mutating func add(
    _ count: Int = 1, kind: EventKind, fate: JoinFate, slot: Int, traffic: Traffic,
    received: Milliseconds
  ) {
    let key = Key(traffic: traffic.rawValue, slot: slot, kind: kind.label, fate: fate.rawValue)
    totals[key, default: 0] += count
    if traffic == .live {
      addRecent(count, name: "\(kind.label).\(fate.rawValue)", received: received)
    }
  }

  /// Counts a control event, which has neither slot nor traffic.
  mutating func addControl(kind: EventKind, fate: JoinFate) {
    totals[Key(traffic: "", slot: 0, kind: kind.label, fate: fate.rawValue), default: 0] += 1
  }

  /// Counts impressions whose label became final.
  mutating func addExamples(_ count: Int) {
    totals[Key(traffic: "", slot: 0, kind: "example", fate: ""), default: 0] += count
  }

  /// Adds the price of a joined click to the spend of its traffic and slot, in millionths of a currency unit.
  mutating func addSpend(_ price: Double, slot: Int, traffic: Traffic) {
    let micros = Int(exactly: (price * 1e6).rounded()) ?? 0
    totals[
      Key(traffic: traffic.rawValue, slot: slot, kind: "spend_micros", fate: ""), default: 0] +=
      micros
  }

  /// Counts the delay of a live joined click in its power of two: bucket n holds delays below 2ⁿ ms.
  mutating func addDelay(_ delay: Milliseconds, received: Milliseconds) {
    clickDelays.append(max(0, delay))
    addRecent(
      1, name: "delay.\(Int64.bitWidth - max(0, delay).leadingZeroBitCount)", received: received)
  }

  private mutating func addRecent(_ count: Int, name: String, received: Milliseconds) {
    recent[received - received % Self.bucketMilliseconds, default: [:]][name, default: 0] += count
  }

  /// Adds everything to the store, and forgets the buckets that are too old at `clock`. A counter of 0 has no row.
  func save(_ db: Database, clock: Milliseconds) throws {
    let total = try db.cachedStatement(
      sql: """
        INSERT INTO join_count (traffic, slot, kind, fate, count) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET count = count + excluded.count
        """)
    for (key, count) in totals where count != 0 {
      try total.execute(binding: key.traffic, key.slot, key.kind, key.fate, count)
    }
    let bucketed = try db.cachedStatement(
      sql: """
        INSERT INTO join_recent (bucket_ms, name, count) VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET count = count + excluded.count
        """)
    for (bucket, counts) in recent {
      for (name, count) in counts where count != 0 {
        try bucketed.execute(binding: bucket, name, count)
      }
    }
    try db.execute(sql: "DELETE FROM join_count WHERE count = 0")
    try db.execute(
      sql: "DELETE FROM join_recent WHERE bucket_ms < ? OR count = 0",
      arguments: [clock - Self.retentionMilliseconds])
  }
}
