import Events
import Experiments
import Foundation
import GRDB

/// What the log keeps of a change: the payload of ``EventKind/experimentChange``.
struct ExperimentRecord: Codable {
  var experiment: String
  var action: String
  var who: String
  var why: String
  var revision: Int
  var before: Experiment?
  var after: Experiment?
  /// All that is in force from then on; of a change of several experiments, the last record has it.
  var configuration: ExperimentConfiguration?
  /// Checksum of the file that it takes the place of, of the same record; empty when there was none.
  var replaced: String?

  /// The records of one change, one an experiment; `action` names what was done if it was done on purpose.
  static func records(
    from old: ExperimentConfiguration, to new: ExperimentConfiguration, action: String?,
    _ signature: ExperimentBook.Signature, replaced: String
  ) -> [ExperimentRecord] {
    func record(_ name: String, _ done: String, _ before: Experiment?, _ after: Experiment?) -> ExperimentRecord {
      ExperimentRecord(
        experiment: name, action: action ?? done, who: signature.who, why: signature.why, revision: new.revision,
        before: before, after: after)
    }
    var records = new.differences(from: old).map { record($0.name, $0.action, $0.before, $0.after) }
    if records.isEmpty { records = [record("", "replace", nil, nil)] }
    records[records.count - 1].configuration = new
    records[records.count - 1].replaced = replaced
    return records
  }

  init(
    experiment: String, action: String, who: String, why: String, revision: Int, before: Experiment?, after: Experiment?
  ) {
    self.experiment = experiment
    self.action = action
    self.who = who
    self.why = why
    self.revision = revision
    self.before = before
    self.after = after
  }

  init(json: String) throws {
    self = try JSONDecoder.ofExperiments.decode(Self.self, from: Data(json.utf8))
  }

  var json: [UInt8] {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return Array(try encoder.encode(self))
    }
  }
}

extension JSONDecoder {
  /// Reads what experiments write: times are ISO 8601 with fractions of a second.
  static var ofExperiments: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .custom { decoder in
      let text = try decoder.singleValueContainer().decode(String.self)
      return try Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
    return decoder
  }
}

/// One step of one experiment.
public struct ExperimentHistoryEntry: Encodable, Sendable {
  public let time: String
  public let experiment: String
  public let action: String
  public let who: String
  public let why: String
  /// `nil` of steps that an older release took.
  public let revision: Int?
  public let before: Experiment?
  public let after: Experiment?

  init(_ row: Row) {
    let record = try? ExperimentRecord(json: row["payload"] ?? "")
    let milliseconds: Milliseconds = row["time_ms"]
    time = Date(timeIntervalSince1970: (Double(milliseconds) + 0.5) / 1000)
      .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    experiment = row["experiment"] ?? ""
    action = row["action"] ?? ""
    who = row["who"] ?? ""
    why = row["why"] ?? ""
    revision = record?.revision
    before = record?.before
    after = record?.after
  }
}
