import Events
import Features
import Foundation
import GRDB
import Learning
import Monitoring

/// Counts the values of context fields, ad attributes, slots and predictions in a period of the store.
struct WindowDistributions {
  typealias Subject = DriftSubject

  /// Values that a field keeps, the most frequent; the rest is counted together.
  static let valueCountMax = 256
  /// Models and arms whose predictions are looked at apart, first come first kept; those of the rest count in the whole.
  static let sliceCountMax = 50
  /// Stands for a value that is missing.
  static let missing = "(none)"

  private let db: Database
  private let schema: Schema
  private let period: [Milliseconds]

  private init(_ db: Database, _ schema: Schema, _ period: Range<Milliseconds>) {
    self.db = db
    self.schema = schema
    self.period = [period.lowerBound, period.upperBound]
  }

  /// All distributions of a period; O(its events), and nothing of serving waits for it.
  static func read(_ store: Store, _ schema: Schema, _ period: Range<Milliseconds>) throws
    -> [Subject: ObservedDistribution]
  {
    try store.reader.read { db in
      let window = WindowDistributions(db, schema, period)
      let parts = try [window.requested()] + [.shown, .clicked].map(window.served) + [window.predictions()]
      return parts.reduce(into: [:]) { all, part in all.merge(part) { $1 } }
    }
  }

  private static let reports =
    "control, json_each(control.payload, '$.cells') AS cell WHERE kind = \(EventKind.traffic.rawValue) AND time_ms >= ? "
    + "AND time_ms < ? AND payload IS NOT NULL"

  /// Decisions with one slot or more, as servers reported them.
  private func requested() throws -> [Subject: ObservedDistribution] {
    let asked = "json_extract(cell.value, '$.slots.asked[0]')"
    let sql = """
      SELECT json_extract(cell.value, '$.place.context') AS fields, sum(\(asked)) AS n FROM \(Self.reports) GROUP BY 1
      """
    return try fields(.requested, .context, schema.contextFields, parts: sql)
  }

  private static func source(_ stage: Subject.Stage) -> String {
    stage == .clicked
      ? "click JOIN impression ON impression.id = click.impression_id WHERE click.fate = 'joined' "
        + "AND click.traffic = 'live' AND click.time_ms >= ? AND click.time_ms < ?"
      : "impression WHERE impression.traffic = 'live' AND impression.time_ms >= ? AND impression.time_ms < ?"
  }

  /// What is known of live impressions, or of those that were clicked.
  private func served(_ stage: Subject.Stage) throws -> [Subject: ObservedDistribution] {
    func parts(_ fields: String) -> String {
      "SELECT \(fields) AS fields, count(*) AS n FROM \(Self.source(stage)) GROUP BY 1"
    }
    let slot = "json_object('slot', CAST(impression.slot AS TEXT))"
    return try fields(stage, .context, schema.contextFields, parts: parts("impression.context"))
      .merging(fields(stage, .ad, schema.adFields, parts: parts("impression.attributes"))) { $1 }
      .merging(fields(stage, .slot, [Field(name: "slot")], parts: parts(slot))) { $1 }
  }

  /// Counts each field's values; `parts` selects JSON objects as `fields` with their number `n`.
  private func fields(_ stage: Subject.Stage, _ source: Subject.Source, _ fields: [Field], parts: String) throws
    -> [Subject: ObservedDistribution]
  {
    let total = try UInt64.fetchOne(
      db, sql: "WITH part AS (\(parts)) SELECT CAST(total(n) AS INTEGER) FROM part",
      arguments: StatementArguments(period))
    guard let total, total > 0 else { return [:] }
    let sql = "WITH part AS (\(parts)) SELECT key, value, sum(n) FROM part, json_each(part.fields) GROUP BY 1, 2"
    let byName = Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0) })
    var counts: [String: [String: UInt64]] = [:]
    let rows = try Row.fetchCursor(db, sql: sql, arguments: StatementArguments(period))
    while let row = try rows.next() {
      let (name, raw): (String, String?) = (row[0], row[1])
      guard let value = byName[name]?.canonicalValue(raw) else { continue }
      counts[name, default: [:]][value, default: 0] += row[2] as UInt64
    }
    return fields.reduce(into: [:]) { all, field in
      all[Subject(stage, source, field.name)] = Self.bounded(counts[field.name, default: [:]], total: total)
    }
  }

  private static func bounded(_ counts: [String: UInt64], total: UInt64) -> ObservedDistribution {
    let known = counts.values.reduce(0, +)
    let all = counts.merging([missing: total > known ? total - known : 0]) { $0 + $1 }
    guard all.count > valueCountMax else { return .values(.init(counts: all)) }
    let kept = all.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(valueCountMax)
    return .values(
      .init(
        counts: Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) }),
        other: max(total, known) - kept.reduce(0) { $0 + $1.value }))
  }
}

extension WindowDistributions {
  /// Bounds of predicted click-through rates, two a doubling.
  private static let edges = (0...32).map { 1e-5 * pow(2, Double($0) / 2) }

  /// Predicted click-through rates of what was shown, overall, by model and by arm, and of what was clicked.
  private func predictions() throws -> [Subject: ObservedDistribution] {
    var histograms: [Subject: HistogramDistribution] = [:]
    func observe(_ subject: Subject, _ value: Double) {
      if let known = histograms[subject] { return known.observe(value) }
      let isWhole = subject.model == nil && subject.arm == nil
      guard isWhole || histograms.count < Self.sliceCountMax else { return }
      let histogram = HistogramDistribution(edges: Self.edges)
      histogram.observe(value)
      histograms[subject] = histogram
    }
    var arms: [String: [String]] = [:]
    for stage in [Subject.Stage.shown, .clicked] {
      let sql = "SELECT impression.model, impression.experiments, impression.ctr FROM \(Self.source(stage))"
      let rows = try Row.fetchCursor(db, sql: sql, arguments: StatementArguments(period))
      while let row = try rows.next() {
        let ctr: Double = row[2]
        observe(Subject(stage, .prediction, "ctr"), ctr)
        guard stage == .shown else { continue }
        observe(Subject(stage, .prediction, "ctr", model: row[0]), ctr)
        let experiments: String = row[1]
        let known = arms[experiments] ?? Self.arms(experiments)
        arms[experiments] = known
        for arm in known { observe(Subject(stage, .prediction, "ctr", arm: arm), ctr) }
      }
    }
    return histograms.mapValues { .numbers($0.snapshot()) }
  }

  /// Each as `experiment/arm`.
  private static func arms(_ experiments: String) -> [String] {
    let chosen = try? JSONDecoder().decode([String: String].self, from: Data(experiments.utf8))
    return (chosen ?? [:]).map { "\($0.key)/\($0.value)" }
  }
}
