import Events
import Experiments
import Features
import Foundation
import GRDB
import Learning

/// The experiments in force, and the append-only history of how they came to be.
///
/// Log first: a change is an event with the whole configuration before it is in the file that servers follow, so a process
/// killed in between leaves a file that ``recover()`` brings up to date. Any number of processes may change one system; they
/// take turns. All calls are safe from any thread and block on the disk.
public struct ExperimentBook: Sendable {
  private let system: AdSystem

  public init(_ system: AdSystem) {
    self.system = system
  }

  /// Who made a change, and why.
  public struct Signature: Sendable, Equatable {
    public let who: String
    public let why: String

    /// Bytes of either text.
    public static let byteCountMax = 1000

    /// - throws: ``ExperimentError`` when a text is empty or too long.
    public init(who: String, why: String) throws(ExperimentError) {
      for (name, text) in [("who", who), ("why", why)] {
        guard text.contains(where: { !$0.isWhitespace }) else {
          throw ExperimentError("the history needs '\(name)': say it in a few words")
        }
        guard text.utf8.count <= Self.byteCountMax else {
          throw ExperimentError("'\(name)' is longer than \(Self.byteCountMax) bytes; shorten it")
        }
      }
      (self.who, self.why) = (who, why)
    }
  }

  /// Takes a step of one experiment: durable when this returns, and followed by every server within a second.
  ///
  /// - returns: the experiment from now on.
  /// - throws: ``ExperimentError`` when the step isn't possible; then nothing changed.
  @discardableResult
  public func take(_ step: ExperimentStep, of name: String, _ signature: Signature) throws -> Experiment {
    let hasRunBefore = try hasRun(name)
    let configuration = try change(signature, action: step.action) { old, now throws(ExperimentError) in
      try old.after(step, of: name, at: now, hasRunBefore: hasRunBefore)
    }
    guard let experiment = configuration.experiment(name) else {
      throw ExperimentError("there is no experiment '\(name)'")
    }
    return experiment
  }

  /// Whether impressions are known that an arm of an experiment of that name was counted for.
  private func hasRun(_ name: String) throws -> Bool {
    try system.joiner.catchUp()
    try UserSums(system.store).catchUp()
    let texts = try system.store.reader.read { try String.fetchAll($0, sql: "SELECT experiments FROM arms_name") }
    return texts.contains { text in
      let arms = (try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))) ?? [:]
      return arms[name].map { !$0.hasPrefix(Assignment.forcedPrefix) } ?? false
    }
  }

  /// Puts a whole configuration in place of the one in force.
  ///
  /// - throws: ``ExperimentError`` when it would move users of a running experiment.
  @discardableResult
  public func replace(
    with configuration: ExperimentConfiguration, _ signature: Signature
  ) throws -> ExperimentConfiguration {
    try change(signature, action: nil) { old, _ throws(ExperimentError) in
      try configuration.validate(replacing: old)
      return configuration
    }
  }

  /// Brings the file up to date with the history, when a process was killed between the two.
  public func recover() throws {
    try exclusively {
      try system.joiner.catchUp()
      _ = try finish(newestRecord())
    }
  }

  private func change(
    _ signature: Signature, action: String?,
    _ body: (ExperimentConfiguration, Date) throws(ExperimentError) -> ExperimentConfiguration
  ) throws -> ExperimentConfiguration {
    try exclusively {
      try system.joiner.catchUp()
      let newest = try newestRecord()
      let old = try finish(newest) ?? system.openExperiments()
      let now = WallClock.now()
      var new = try body(old, Date(timeIntervalSince1970: Double(now) / 1000))
      new.revision = max(old.revision, newest?.revision ?? 0) + 1
      let replaced = try checksumInForce()
      try system.log.append(
        ExperimentRecord.records(from: old, to: new, action: action, signature, replaced: replaced).map {
          Event(kind: .experimentChange, time: now, received: now, payload: try $0.json)
        })
      try write(new)
      return new
    }
  }

  /// The last change that is in the log, `nil` before the first.
  private func newestRecord() throws -> ExperimentRecord? {
    let payload = try system.store.reader.read { db in
      try String.fetchOne(
        db,
        sql: """
          SELECT payload FROM experiment_history WHERE json_extract(payload, '$.configuration') IS NOT NULL
          ORDER BY "offset" DESC LIMIT 1
          """)
    }
    return try payload.map { try ExperimentRecord(json: $0) }
  }

  /// Writes what the log has and the file hasn't, when the file in force still is the one that was to be replaced. A file
  /// that a person has put there since holds.
  private func finish(_ newest: ExperimentRecord?) throws -> ExperimentConfiguration? {
    guard let newest, let logged = newest.configuration, try newest.replaced == checksumInForce() else { return nil }
    try write(logged)
    return logged
  }

  private func checksumInForce() throws -> String {
    try system.experimentsInForce.map { SHA256.hexadecimal(of: try Data(contentsOf: $0)) } ?? ""
  }

  private func write(_ configuration: ExperimentConfiguration) throws {
    try DurableFile.write(Data(try configuration.yaml().utf8), to: system.directory.experiments)
  }

  private func exclusively<Result>(_ body: () throws -> Result) throws -> Result {
    let claim = try system.directory.lockExperiments()
    return try withExtendedLifetime(claim) { try body() }
  }
}

extension ExperimentBook {
  /// The history, oldest first: of all experiments, or of the one called `name`.
  public func history(of name: String? = nil) throws -> [ExperimentHistoryEntry] {
    try system.joiner.catchUp()
    let rows = try system.store.reader.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT time_ms, payload, experiment, action, who, why FROM experiment_history
          WHERE :name IS NULL OR experiment = :name ORDER BY "offset"
          """, arguments: ["name": name])
    }
    return rows.map(ExperimentHistoryEntry.init)
  }
}
