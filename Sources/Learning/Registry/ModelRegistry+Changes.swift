import Events
import Features
import Foundation
import Locking
import Logging
import Ranking
import Statistics

extension ModelRegistry {
  /// Keeps a model as a candidate: its file first, then the event.
  ///
  /// Registering the same model again changes nothing.
  ///
  /// - throws: ``LearningError/Code/duplicateModel`` when another model has its id.
  @discardableResult
  public func register(
    _ model: Model, metrics: EvaluationReport? = nil, reason: String = ""
  ) throws -> ModelRecord {
    try register(
      ModelFile.encode(model), model: model, metrics: metrics, lineage: Lineage(json: model.lineage), reason: reason)
  }

  /// Takes in a model's file from elsewhere as a candidate, byte for byte; its lineage says nothing about this store.
  ///
  /// - throws: ``LearningError/Code/damagedFile`` when it isn't a model of this schema, `duplicateModel` when another
  ///   model has its id.
  @discardableResult
  public func importModel(_ data: Data) throws -> ModelRecord {
    try register(
      data, model: decode(data, name: "the imported file"), metrics: nil, lineage: nil, reason: "imported")
  }

  /// Makes a model serve from now on; nothing changes when it does already.
  ///
  /// - parameter who: ``trainerName``, or a person.
  /// - throws: ``LearningError`` when it doesn't exist or its file is damaged.
  public func promote(_ id: String, reason: String, who: String) throws {
    try deploy(id, action: .promoted, reason: reason, who: who)
  }

  /// Makes the model serve that served before the current one; returns its id.
  ///
  /// A second rollback goes one further back: models that were rolled back from are passed over.
  ///
  /// - throws: ``LearningError/Code/unknownModel`` when there is none.
  @discardableResult
  public func rollback(reason: String, who: String) throws -> String {
    guard let previous = previousModel() else {
      throw LearningError(.unknownModel, "no other model has served before that could serve again")
    }
    try deploy(previous, action: .rolledBack, reason: reason, who: who)
    return previous
  }

  /// Makes a candidate the shadow, which scores live traffic without serving it; `nil` ends that.
  ///
  /// - throws: ``LearningError`` when there is no such model or it serves.
  public func setShadow(_ id: String?) throws {
    var events: [(kind: EventKind, payload: Data)] = []
    if let id {
      var record = try record(id)
      guard record.state != .live else {
        throw LearningError(.invalidSetting, "'\(record.id)' serves already; choose another model for the shadow")
      }
      _ = try model(record.id)
      record.state = .shadow
      events.append((.model, try Self.json(record)))
    }
    for var other in list() where other.state == .shadow && other.id != id {
      other.state = .candidate
      events.append((.model, try Self.json(other)))
    }
    if !events.isEmpty { try append(events) }
  }

  /// Keeps why a model was taken back.
  func refuse(_ id: String, _ refusal: Gate.Refusal, reason: String) throws {
    var record = try record(id)
    (record.refusal, record.reason) = (refusal, reason)
    try append([(.model, try Self.json(record))])
  }

  /// Gives a new system its first model: no weights, the same small probability for every ad.
  public func ensureModel() throws {
    guard current == nil else { return }
    let model = try Model(
      id: "prior", created: clock(), bias: Self.priorLogit, weights: ModelWeights(schema: schema),
      lineage: Lineage(origin: .prior).json)
    if (try? record(model.id)) == nil { try register(model, reason: "a new system's first model") }
    try promote(model.id, reason: "a new system's first model", who: Self.trainerName)
  }

  /// Keeps what the gate said of a candidate, and lets it serve when it was accepted.
  func settle(_ id: String, verdict: Gate.Verdict, review: ReviewMark?, who: String) throws {
    var record = try record(id)
    (record.reason, record.refusal, record.review) = (verdict.reason, verdict.refusal, review)
    try append([(.model, try Self.json(record))])
    if verdict.isAccepted {
      try promote(id, reason: verdict.reason, who: who)
    } else {
      logger.notice(
        "\(id) stays a candidate: \(verdict.reason)", metadata: ["refusal": "\(verdict.refusal?.rawValue ?? "")"])
    }
  }

  /// An id for a model made at `time`, which no other has: `m20261123T201900Z`.
  public func freshID(_ time: Milliseconds) -> String {
    let style = Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted)
    let base = "m" + Date(timeIntervalSince1970: Double(time) / 1000).formatted(style)
    let taken = state.withLock { Set($0.records.keys) }
    var id = base
    var number = 2
    while taken.contains(id) {
      id = "\(base)-\(number)"
      number += 1
    }
    return id
  }

  private static var priorLogit: Double { Logistic.logit(priorCTR) }

  private func register(
    _ data: Data, model: Model, metrics: EvaluationReport?, lineage: Lineage?, reason: String
  ) throws -> ModelRecord {
    let sha256 = SHA256.hexadecimal(of: data)
    try Self.check(id: model.id)
    if let known = state.withLock({ $0.records[model.id] }) {
      guard known.sha256 == sha256, known.state != .removed else {
        throw LearningError(.duplicateModel, "another model is called '\(model.id)'; give this one another id")
      }
      return known
    }
    try DurableFile.write(data, to: file(model.id))
    let record = ModelRecord(
      id: model.id, created: model.created, featuresSHA256: model.featuresSHA256, sha256: sha256, state: .candidate,
      reason: reason, refusal: nil, review: nil, metrics: metrics, lineage: lineage)
    try append([(.model, try Self.json(record))])
    try removeOldest()
    return record
  }

  private func deploy(_ id: String, action: Deployment.Action, reason: String, who: String) throws {
    var record = try record(id)
    let previous = current?.model
    guard previous != record.id else { return }
    do { _ = try model(record.id) } catch {
      (record.reason, record.refusal) = (error.description, .damagedFile)
      try append([(.model, try Self.json(record))])
      throw error
    }
    record.state = .live
    record.reason = reason
    record.refusal = nil
    let promotion = RegistryState.Promotion(model: record.id, action: action, reason: reason, who: who)
    var events = [(EventKind.promotion, try Self.json(promotion)), (.model, try Self.json(record))]
    if let previous, var retired = try? self.record(previous) {
      retired.state = .retired
      retired.reason = "replaced by \(record.id)"
      events.append((.model, try Self.json(retired)))
    }
    try append(events)
    logger.notice("\(record.id) serves from now on: \(reason)", metadata: ["who": "\(who)", "action": "\(action)"])
  }

  /// The newest model of the history that is neither current nor was rolled back from, and still exists.
  private func previousModel() -> String? {
    state.withLock { state in
      var stack: [String] = []
      for deployment in state.deployments {
        if deployment.action == .rolledBack, let place = stack.lastIndex(of: deployment.model) {
          stack.removeSubrange((place + 1)...)
        } else {
          stack.append(deployment.model)
        }
      }
      return stack.dropLast().last { id in
        id != stack.last && state.records[id].map { $0.state != .removed } ?? false
      }
    }
  }

  /// Deletes the files of the oldest models that don't serve, as far as there are too many.
  private func removeOldest() throws {
    let records = list()
    let excess = records.count - Self.modelCountMax
    guard excess > 0 else { return }
    for record in records.filter({ $0.state != .live }).prefix(excess) {
      var removed = record
      removed.state = .removed
      removed.reason = "more than \(Self.modelCountMax) models"
      try append([(.model, try Self.json(removed))])
      try? FileManager.default.removeItem(at: file(record.id))
    }
  }

  /// Appends the events of one change, and takes them in.
  private func append(_ changes: [(kind: EventKind, payload: Data)]) throws {
    let now = clock()
    let fates = try log.append(
      changes.map { Event(kind: $0.kind, time: now, received: now, payload: Array($0.payload)) })
    state.withLock { state in
      for (change, fate) in zip(changes, fates) {
        guard case .stored(let offset) = fate else { continue }
        state.take(change.kind, payload: change.payload, offset: offset, time: now)
      }
    }
  }

  private static func json(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return try encoder.encode(value)
  }

  /// An id is a file's name: letters, digits, and `-`, `_`, `.` inside.
  private static func check(id: String) throws(LearningError) {
    let isName = id.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
        true
      default: false
      }
    }
    guard isName, !id.hasPrefix("."), id != "current" else {
      throw LearningError(.invalidSetting, "'\(id)' can't be a model's id; use letters, digits, '-', '_' and '.'")
    }
  }
}
