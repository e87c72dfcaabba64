import Events
import GRDB

extension Joiner {
  /// Health of the join over the last ``JoinConfiguration/healthWindowSeconds``, to a bucket of 5 minutes, and sets its
  /// gauges. Reads maintained counters: well below a millisecond however large the store is.
  public func health() throws -> JoinHealth {
    let now = clock()
    let health = try store.reader.read { db in
      let cursor = try JoinCursor.load(db)
      var health = JoinHealth(recent: try recentCounts(db, since: now - configuration.healthWindow))
      health.watermarkLagMilliseconds = cursor.watermark == 0 ? 0 : max(0, now - cursor.watermark)
      health.lagEventCount = Int(max(0, log.lastOffset - cursor.offset))
      health.openImpressionCount =
        try Int.fetchOne(db, sql: "SELECT count(*) FROM open_impression") ?? 0
      health.totals = try totals(db)
      return health
    }
    metrics.record(health, violationCount: try violations().count)
    return health
  }

  /// What must never be: slots with more joined clicks than impressions. Empty when all is well. Reads counters only.
  public func violations() throws -> [String] {
    try store.reader.read { db in
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
  }

  private func recentCounts(_ db: Database, since time: Milliseconds) throws -> [String: Int] {
    let sql = "SELECT name, sum(count) FROM join_recent WHERE bucket_ms > ? GROUP BY name"
    let rows = try Row.fetchAll(db, sql: sql, arguments: [time - JoinCounts.bucketMilliseconds])
    return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
  }

  private func totals(_ db: Database) throws -> [JoinHealth.Total] {
    let sql = """
      SELECT traffic, kind, fate, sum(count) FROM join_count WHERE fate <> '' GROUP BY traffic, kind, fate
      ORDER BY traffic, kind, fate
      """
    return try Row.fetchAll(db, sql: sql).map {
      JoinHealth.Total(traffic: $0[0], kind: $0[1], fate: $0[2], count: $0[3])
    }
  }
}

extension JoinHealth.Total {
  /// Counts impressions, each of which is open or has an example.
  fileprivate var isImpression: Bool {
    [EventKind.impression.label, EventKind.history.label].contains(kind) && fate == JoinFate.stored.rawValue
  }
}

extension JoinHealth {
  /// The rates of counts by name, as ``JoinCounts`` keeps them.
  fileprivate init(recent: [String: Int]) {
    func count(_ kind: EventKind, _ fate: JoinFate) -> Int {
      recent["\(kind.label).\(fate.rawValue)"] ?? 0
    }
    let kinds: [EventKind] = [.impression, .click, .conversion]
    counts = Counts(
      impressions: count(.impression, .stored), joinedClicks: count(.click, .joined),
      lateClicks: count(.click, .late), orphanClicks: count(.click, .orphan),
      corrections: count(.click, .correction),
      conversions: count(.conversion, .joined) + count(.conversion, .late)
        + count(.conversion, .orphan),
      orphanConversions: count(.conversion, .orphan),
      duplicates: kinds.reduce(0) { $0 + count($1, .duplicate) })
    let clicks = counts.joinedClicks + counts.lateClicks + counts.orphanClicks
    if clicks > 0 {
      orphanRate = Double(counts.orphanClicks) / Double(clicks)
      lateRate = Double(counts.lateClicks) / Double(clicks)
      coverage = 1 - orphanRate
    }
    let events = counts.impressions + clicks + counts.conversions + counts.duplicates
    if events > 0 { duplicateRate = Double(counts.duplicates) / Double(events) }
    delayMilliseconds = Delay(recent: recent)
  }
}

extension JoinHealth.Delay {
  /// `nil` when there is no delay among the counts.
  fileprivate init?(recent: [String: Int]) {
    let bins = (0...63).map { recent["delay.\($0)"] ?? 0 }
    let total = bins.reduce(0, +)
    guard total > 0 else { return nil }
    func quantile(_ share: Double) -> Milliseconds {
      var sum = 0
      let bin = bins.firstIndex { count in
        sum += count
        return Double(sum) >= share * Double(total)
      }
      return 1 << Milliseconds(min(bin ?? 0, 62))
    }
    self.init(median: quantile(0.5), p90: quantile(0.9), p99: quantile(0.99))
  }
}
