import Events
import GRDB

extension Joiner {
  /// Health of the join over the last ``JoinConfiguration/healthWindowSeconds``, to a bucket of 5 minutes, and sets its
  /// gauges. Reads maintained counters: well below a millisecond however large the store is, but for the audit.
  public func health() throws -> JoinHealth {
    let now = clock()
    let health = try store.reader.read { db in
      let cursor = try JoinCursor.load(db)
      var health = JoinHealth(recent: try recentCounts(db, since: now - configuration.healthWindow))
      health.watermarkLagMilliseconds = cursor.watermark == 0 ? 0 : max(0, now - cursor.watermark)
      health.lagEventCount = Int(max(0, log.lastOffset - cursor.offset))
      health.totals = try totals(db)
      let examples = try Int.fetchOne(db, sql: "SELECT sum(count) FROM join_count WHERE kind = 'example'") ?? 0
      health.openImpressionCount = health.totals.filter(\.isImpression).reduce(-examples) { $0 + $1.count }
      return health
    }
    metrics.record(health, violationCount: try currentViolations(now: now).count)
    return health
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
      duplicates: kinds.reduce(0) { $0 + count($1, .duplicate) },
      invalid: kinds.reduce(0) { $0 + count($1, .bot) + count($1, .expired) + count($1, .invalid) })
    let clicks = counts.joinedClicks + counts.lateClicks + counts.orphanClicks
    if clicks > 0 {
      orphanRate = Double(counts.orphanClicks) / Double(clicks)
      lateRate = Double(counts.lateClicks) / Double(clicks)
      coverage = 1 - orphanRate
    }
    let originals = counts.impressions + clicks + counts.conversions + counts.invalid
    if originals > 0 { invalidRate = Double(counts.invalid) / Double(originals) }
    let events = originals + counts.duplicates
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
