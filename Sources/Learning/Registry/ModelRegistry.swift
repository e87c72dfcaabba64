import Events
import Features
import Foundation
import GRDB
import Locking
import Logging
import Ranking

/// All models of a system: immutable, checksummed files `models/ID.json`, and a history of what served when.
///
/// The files hold the models, the event log says which exist, their checksums and which one serves; `models` and
/// `serving_history` are its views. A file is whole and durable before an event names it, and all events of one change
/// are one append: a process killed at any instant leaves the state before or after. Several processes may use one
/// registry; ``refresh()`` shows what others did. All calls are safe from any thread and block on the disk.
public final class ModelRegistry: Sendable {
  let schema: Schema
  let log: EventLog
  let store: Store
  let clock: @Sendable () -> Milliseconds
  let logger: Logger
  let state = Locked(RegistryState())
  private let folder: URL

  /// Models kept; beyond it the files of the oldest that don't serve are deleted. The history stays.
  public static let modelCountMax = 200
  /// Who promotes when no person does.
  public static let trainerName = "trainer"
  /// Click probability that the first model of a new system predicts for everything.
  public static let priorCTR = 0.02

  /// Opens the registry of a data directory, and reads what the store knows.
  ///
  /// - throws: an error of the store.
  public init(
    directory: URL, schema: Schema, log: EventLog, store: Store,
    clock: @escaping @Sendable () -> Milliseconds = WallClock.now, logger: Logger = Logger(label: "adloop.models")
  ) throws {
    folder = directory.appendingPathComponent("models")
    self.schema = schema
    self.log = log
    self.store = store
    self.clock = clock
    self.logger = logger
    try refresh()
  }

  /// Takes in what was joined since the last call: changes by other processes.
  public func refresh() throws {
    let after = state.withLock(\.storeOffset)
    let rows = try store.reader.read { db in
      try Row.fetchAll(
        db, sql: "SELECT id, kind, time_ms, payload FROM control WHERE kind IN (?, ?) AND id > ? ORDER BY id",
        arguments: [EventKind.promotion.rawValue, EventKind.model.rawValue, after])
    }
    state.withLock { state in
      for row in rows {
        let payload: String = row["payload"] ?? ""
        let kind = EventKind(rawValue: UInt8(truncatingIfNeeded: row["kind"] as Int64)) ?? .unreadable
        state.take(kind, payload: Data(payload.utf8), offset: row["id"], time: row["time_ms"])
        state.storeOffset = max(state.storeOffset, row["id"])
      }
    }
  }

  /// The deployment that serves, `nil` in a new system.
  public var current: Deployment? { state.withLock(\.current) }

  /// The deployment that served at `time`, `nil` before the first.
  public func current(at time: Milliseconds) -> Deployment? { state.withLock { $0.current(at: time) } }

  /// Which model served from when on, oldest first.
  public var history: [Deployment] { state.withLock(\.deployments) }

  /// All models, oldest first.
  public func list() -> [ModelRecord] {
    state.withLock { Array($0.records.values) }.filter { $0.state != .removed }
      .sorted { ($0.created, $0.id) < ($1.created, $1.id) }
  }

  /// Id of the model that scores live traffic without serving it, `nil` for none.
  public var shadow: String? { list().first { $0.state == .shadow }?.id }

  /// How far examples have been reviewed for any candidate.
  var latestReview: ReviewMark {
    let marks = state.withLock { $0.records.values.compactMap(\.review) }
    return marks.max { ($0.example, $0.impression) < ($1.example, $1.impression) } ?? ReviewMark()
  }

  /// Stretches of examples that the gate found faulty: training from scratch leaves them out.
  public var faultyStretches: [ReviewMark.Stretch] {
    let all = state.withLock { $0.records.values.compactMap(\.review?.stretch) }
    return all.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// What is known about a model; `current` names the one that serves.
  ///
  /// - throws: ``LearningError/Code/unknownModel``.
  public func record(_ id: String) throws(LearningError) -> ModelRecord {
    let name = id == "current" ? current?.model ?? id : id
    guard let record = state.withLock({ $0.records[name] }), record.state != .removed else {
      throw LearningError(.unknownModel, "there is no model '\(name)'; see 'adloop models list'")
    }
    return record
  }

  /// The file of a model, its checksum verified; `current` names the one that serves.
  ///
  /// - throws: ``LearningError``, `damagedFile` naming the file when it isn't what was registered.
  public func data(_ id: String) throws(LearningError) -> Data {
    let record = try record(id)
    let file = file(record.id)
    let data: Data
    do { data = try Data(contentsOf: file) } catch {
      throw LearningError(
        .inaccessibleFile, "\(file.path): can't be read (\(error.localizedDescription)); import the model again")
    }
    guard SHA256.hexadecimal(of: data) == record.sha256 else {
      throw LearningError(
        .damagedFile, "\(file.path) isn't the file that was registered: its checksum is wrong; import the model again")
    }
    return data
  }

  /// A model, its checksum verified; `current` names the one that serves.
  public func model(_ id: String) throws(LearningError) -> Model {
    try decode(data(id), name: id)
  }

  func file(_ id: String) -> URL { folder.appendingPathComponent("\(id).json") }

  func decode(_ data: Data, name: String) throws(LearningError) -> Model {
    do { return try ModelFile.decode(data, schema: schema) } catch {
      throw LearningError(.damagedFile, "the model '\(name)' can't be used: \(error)")
    }
  }
}
