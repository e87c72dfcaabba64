import Events
import Foundation
import GRDB
import Learning
import Monitoring
import Statistics

/// How the machinery ran in a window, against the same hours of other days: the checks that come before anything is blamed
/// on quality.
struct MachineryChecks {
  typealias Check = DiagnosisReport.Circumstances.Check

  /// A share is off when it grew by this much …
  private static let shareRiseMin = 0.01
  /// … and by so many standard errors.
  private static let standardErrorsMin = 5.0
  /// Longest time without a request that is as usual when other days had none, in minutes.
  private static let silenceMinutesMax = 5
  /// An event that takes longer from its time to its arrival is late.
  private static let lateMilliseconds: Milliseconds = 60_000

  private let store: Store
  private let window: Range<Milliseconds>
  private let references: [Range<Milliseconds>]

  init(_ store: Store, window: Range<Milliseconds>, references: [Range<Milliseconds>]) {
    self.store = store
    self.window = window
    self.references = references
  }

  func run() throws -> [Check] {
    try store.reader.read { db in
      try [requests(db)]
        + shares(db, names: ["invalid events", "late events"], sql: Self.impressionSQL)
        + shares(db, names: ["clicks without impression"], sql: Self.clickSQL)
        + shares(db, names: ["repeated events"], sql: Self.duplicateSQL)
    }
  }

  /// Was there a time without any request? Only where the reports of requests exist.
  private func requests(_ db: Database) throws -> Check {
    let silence = try longestSilence(db, window)
    let usual = try references.map { try longestSilence(db, $0) }
    let isUnusual = silence > max(Self.silenceMinutesMax, 2 * (usual.max() ?? 0))
    let isReported = try usual.isEmpty || Self.hasReports(db, before: window.upperBound)
    let words =
      isReported
      ? "at most \(silence) minutes without a request, on other days \(usual.max() ?? 0)"
      : "requests are not reported here"
    return Check(name: "requests", isGood: !isReported || !isUnusual, words: words)
  }

  private static func hasReports(_ db: Database, before time: Milliseconds) throws -> Bool {
    try Bool.fetchOne(
      db, sql: "SELECT EXISTS (SELECT 1 FROM control WHERE kind = ? AND time_ms < ?)",
      arguments: [EventKind.traffic.rawValue, time]) ?? false
  }

  /// In whole minutes.
  private func longestSilence(_ db: Database, _ period: Range<Milliseconds>) throws -> Int {
    let sql = "SELECT DISTINCT time_ms / 60000 FROM control WHERE kind = ? AND time_ms >= ? AND time_ms < ? ORDER BY 1"
    let minutes = try Int64.fetchAll(
      db, sql: sql, arguments: [EventKind.traffic.rawValue, period.lowerBound, period.upperBound])
    let ends = [period.lowerBound / 60_000 - 1] + minutes + [period.upperBound / 60_000]
    return Int(zip(ends, ends.dropFirst()).map { $1 - $0 - 1 }.max() ?? 0)
  }

  /// Columns: all, then those that are off, one a name.
  private static let impressionSQL = """
    SELECT count(*), total(traffic = 'invalid'), total(received_ms > time_ms + \(lateMilliseconds)) FROM impression
    WHERE traffic IN ('live', 'invalid') AND time_ms >= ? AND time_ms < ?
    """
  private static let clickSQL = """
    SELECT count(*), total(fate = 'orphan') FROM click WHERE traffic = 'live' AND time_ms >= ? AND time_ms < ?
    """

  /// Of all copies of events those beyond the first, by when they arrived.
  private static let duplicateSQL = """
    SELECT repeated + (SELECT count(*) FROM impression WHERE traffic = 'live' AND time_ms >= ?1 AND time_ms < ?2), repeated
    FROM (SELECT total(count) AS repeated FROM duplicate WHERE first_received_ms >= ?1 AND first_received_ms < ?2)
    """

  private func shares(_ db: Database, names: [String], sql: String) throws -> [Check] {
    func counts(_ period: Range<Milliseconds>) throws -> [Double] {
      let row = try Row.fetchOne(db, sql: sql, arguments: [period.lowerBound, period.upperBound])
      return (0...names.count).map { row?[$0] ?? 0 }
    }
    let now = try counts(window)
    let usual = try references.map(counts).reduce([Double](repeating: 0, count: names.count + 1)) { sum, next in
      zip(sum, next).map { $0 + $1 }
    }
    return names.enumerated().map { index, name in
      Self.check(name, (now[index + 1], now[0]), usual: (usual[index + 1], usual[0]))
    }
  }

  private static func check(
    _ name: String, _ now: (count: Double, all: Double), usual: (count: Double, all: Double)
  ) -> Check {
    let test = TwoProportionTest(
      firstSuccesses: usual.count, firstTrials: usual.all, secondSuccesses: now.count, secondTrials: now.all,
      confidence: 0.95)
    let isOff = test.map { $0.difference > shareRiseMin && $0.z > standardErrorsMin } ?? false
    func share(_ part: (count: Double, all: Double)) -> String {
      part.all > 0 ? String(format: "%.2f %%", 100 * part.count / part.all) : "none seen"
    }
    return Check(name: name, isGood: !isOff, words: "\(name) \(share(now)), on other days \(share(usual))")
  }
}
