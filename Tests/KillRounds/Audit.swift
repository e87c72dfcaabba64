import Events
import Foundation
import GRDB
import Learning
import Logging

/// Looks at what a killed server left.
struct Audit {
  private let log: EventLog
  private let store: Store
  private let joiner: Joiner

  /// Opens the files, as the next server would.
  init(directory: URL) throws {
    log = try EventLog(directory: directory, logger: Logger(label: "kill-rounds") { _ in SwiftLogNoOpLogHandler() })
    store = try Store(directory: directory)
    var configuration = JoinConfiguration()
    (configuration.clickWindowSeconds, configuration.settleSeconds) = (0.3, 0.1)
    // The time stands still, so that a rebuild closes no window that was open before.
    let now = WallClock.now()
    joiner = Joiner(log: log, store: store, configuration: configuration, clock: { now })
  }

  func eventCount() throws -> Int {
    try names().count
  }

  /// What is wrong; joins what the log holds before it looks.
  func problems(acknowledged: Set<String>, isRebuilt: Bool) throws -> [String] {
    try catchUp()
    let names = try names()
    let known = Set(names)
    var problems = try joiner.violations()
    let lost = acknowledged.subtracting(known)
    if let one = lost.first { problems.append("\(lost.count) acknowledged events are lost, such as \(one)") }
    if known.count < names.count { problems.append("\(names.count - known.count) events count twice") }
    if isRebuilt {
      let before = try rows()
      try joiner.rebuild()
      try catchUp()
      let after = try rows()
      if let (old, new) = zip(before, after).first(where: { $0 != $1 }) {
        problems.append("a rebuild differs: \(old) became \(new)")
      } else if before.count != after.count {
        problems.append("a rebuild has \(after.count) rows instead of \(before.count)")
      }
    }
    try log.close()
    return problems
  }

  /// As a server does in the background.
  private func catchUp() throws {
    try joiner.catchUp()
    try TrafficSums(store).catchUp()
    try UserSums(store).catchUp()
  }

  private func names() throws -> [String] {
    let views = ["impression", "click", "conversion"].map {
      "SELECT '\($0) ' || decision || ' ' || slot FROM \($0)s"
    }
    return try store.reader.read { try String.fetchAll($0, sql: views.joined(separator: " UNION ALL ")) }
  }

  /// Every row of every table, table by table.
  private func rows() throws -> [String] {
    try store.reader.read { db in
      let tables = try String.fetchAll(
        db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'grdb%' ORDER BY name")
      return try tables.flatMap { table in
        try Row.fetchAll(db, sql: "SELECT * FROM \(table)").map { "\(table) \($0.description)" }.sorted()
      }
    }
  }
}
