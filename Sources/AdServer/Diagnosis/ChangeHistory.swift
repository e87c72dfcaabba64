import Events
import Foundation
import GRDB
import Learning
import Monitoring

/// What was changed in the system, as the log tells: starts, settings, models, experiments, catalogs.
struct ChangeHistory {
  typealias Change = DiagnosisReport.Circumstances.Change

  /// Changes that a report lists; the rest is counted.
  static let listedCountMax = 20

  private static let kinds = [EventKind.promotion, .experimentChange, .catalogChange, .start]

  private let store: Store

  init(_ store: Store) {
    self.store = store
  }

  /// The changes from `start` until before `end` in the order of time, the last ones when there are more than a report
  /// lists, and how many there were before those.
  func changes(from start: Milliseconds, to end: Milliseconds) throws -> (changes: [Change], omittedCount: Int) {
    let kinds = Self.kinds.map { "\($0.rawValue)" }.joined(separator: ", ")
    let sql = """
      SELECT id, kind, time_ms, payload FROM control
      WHERE kind IN (\(kinds)) AND time_ms >= ? AND time_ms < ? AND payload IS NOT NULL ORDER BY time_ms, id
      """
    return try store.reader.read { db in
      let all = try Row.fetchAll(db, sql: sql, arguments: [start, end]).flatMap { try Self.changes($0, db) }
      return (all.suffix(Self.listedCountMax), max(0, all.count - Self.listedCountMax))
    }
  }

  private static func changes(_ row: Row, _ db: Database) throws -> [Change] {
    let time = Date(timeIntervalSince1970: Double(row["time_ms"] as Milliseconds) / 1000).formatted(.iso8601)
    func change(_ kind: Change.Kind, _ words: String?) -> [Change] {
      words.map { [Change(kind: kind, time: time, words: $0)] } ?? []
    }
    let payload: String = row["payload"]
    switch EventKind(rawValue: row["kind"]) {
    case .promotion: return change(.model, promotionWords(payload))
    case .experimentChange: return change(.experiment, experimentWords(payload))
    case .catalogChange: return change(.catalog, decoded(CatalogRecord.self, payload)?.words)
    case .start:
      guard let record = decoded(StartRecord.self, payload) else { return [] }
      let before = try String.fetchOne(
        db, sql: "SELECT payload FROM control WHERE kind = ? AND id < ? ORDER BY id DESC LIMIT 1",
        arguments: [EventKind.start.rawValue, row["id"] as Int64])
      let words = record.changes(since: before.flatMap { decoded(StartRecord.self, $0) })
      return change(.start, words.start) + change(.configuration, words.settings)
    default: return []
    }
  }

  private static func promotionWords(_ payload: String) -> String? {
    guard let promotion = decoded(Promotion.self, payload) else { return nil }
    return "model \(promotion.model) \(promotion.action.replacing("_", with: " ")) by \(promotion.who): "
      + promotion.reason
  }

  private static func experimentWords(_ payload: String) -> String? {
    guard let record = try? ExperimentRecord(json: payload) else { return nil }
    let name = record.experiment.isEmpty ? "experiments" : "experiment \(record.experiment)"
    return "\(name): \(record.action) by \(record.who): \(record.why)"
  }

  private static func decoded<Record: Decodable>(_ type: Record.Type, _ payload: String) -> Record? {
    try? JSONDecoder().decode(type, from: Data(payload.utf8))
  }

  private struct Promotion: Decodable {
    let model: String
    let action: String
    let reason: String
    let who: String
  }
}
