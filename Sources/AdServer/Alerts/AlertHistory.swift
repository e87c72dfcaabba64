import Events
import Foundation
import GRDB
import Learning
import Monitoring

/// The alerts of a system, as its log keeps them: every change of state is an event.
public struct AlertHistory {
  /// Active alerts, and what changed before.
  public struct Report: Encodable, Sendable {
    /// Oldest first.
    public let active: [Entry]
    /// Every change of state, newest first.
    public let changes: [Entry]
  }

  /// An alert with its times as people read them.
  public struct Entry: Encodable, Sendable {
    public let name: String
    public let state: Alert.State
    public let since: String
    public let time: String
    public let reason: String

    init(_ alert: Alert) {
      func text(_ time: Int64) -> String { Date(timeIntervalSince1970: Double(time) / 1000).formatted(.iso8601) }
      (name, state, reason) = (alert.name, alert.state, alert.reason)
      (since, time) = (text(alert.since), text(alert.time))
    }
  }

  /// Changes that a report lists.
  public static let changeCountMax = 1000

  private let store: Store

  public init(_ system: AdSystem) {
    store = system.store
  }

  /// What is active now, and the last `count` changes, at most ``changeCountMax``.
  ///
  /// - throws: an error of the store.
  public func report(changeCount count: Int = 100) throws -> Report {
    let changes = try read("ORDER BY id DESC LIMIT \(max(0, min(count, Self.changeCountMax)))")
    return try Report(active: active().map(Entry.init), changes: changes.map(Entry.init))
  }

  /// The alerts that are pending or firing, oldest first.
  func active() throws -> [Alert] {
    let latest = """
      AND id IN (SELECT max(id) FROM control WHERE kind = \(EventKind.alert.rawValue) AND payload IS NOT NULL
        GROUP BY json_extract(payload, '$.name')) ORDER BY id
      """
    return try read(latest).filter(\.state.isActive).sorted { ($0.since, $0.name) < ($1.since, $1.name) }
  }

  private func read(_ condition: String) throws -> [Alert] {
    let sql = """
      SELECT payload FROM control WHERE kind = \(EventKind.alert.rawValue) AND payload IS NOT NULL \(condition)
      """
    let payloads = try store.reader.read { try String.fetchAll($0, sql: sql) }
    let decoder = JSONDecoder()
    return payloads.compactMap { try? decoder.decode(Alert.self, from: Data($0.utf8)) }
  }
}
