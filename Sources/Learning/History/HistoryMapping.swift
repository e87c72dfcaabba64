import Events
import Features
import Foundation
import Yams

/// How the rows of a history file become impressions with a known label: the content of a `mapping.yaml`.
///
/// ```yaml
/// click: click                          # 0 or 1, false or true; required, and so is ad
/// ad: ad_id
/// user: user_id                         # the rest is optional
/// decision: session                     # rows with the same value belong to one page
/// slot: position                        # 1 … 255; default 1
/// time: {column: timestamp, format: iso8601}   # default: order of the rows, a second apart
/// bid: 1.0                              # currency units a click; default 0
/// price: cost                           # default: the bid
/// propensity: propensity                # (0, 1]; default 1
/// derive:                               # new columns, in order of their names, usable below like the file's own
///   campaign: {column: impression_id, first: 1, replace: {m: men, w: women}}
/// join: {file: "${campaign}_items.csv", key: item_id}   # its columns join the row; beside the imported file
/// context: {q: "${query}_${region}"}    # context fields of features.yaml
/// attributes: {url: url}                # ad attributes of features.yaml
/// ```
///
/// A field is described by a ``ValueRule``. Files are CSV with a header or NDJSON, by their name, either with `.gz`.
public struct HistoryMapping: Sendable, Equatable {
  public let click: ValueRule
  public let ad: ValueRule
  public let user: ValueRule?
  public let decision: ValueRule?
  public let slot: ValueRule?
  public let time: TimeRule?
  public let bid: ValueRule?
  public let price: ValueRule?
  public let propensity: ValueRule?
  public let derived: [String: ValueRule]
  public let join: JoinRule?
  public let context: [String: ValueRule]
  public let attributes: [String: ValueRule]
  /// SHA-256 of the mapping's text: decisions of different mappings never mix.
  public private(set) var sha256 = ""

  /// Which column holds the time, and how it is written.
  public struct TimeRule: Sendable, Equatable, Decodable {
    public let column: String
    public let format: TimeFormat
  }

  /// A second file whose row with the same key adds its columns.
  public struct JoinRule: Sendable, Equatable {
    /// Name of the file, beside the imported one.
    let file: TextTemplate
    /// Column that both files have.
    let key: String
  }

  /// Reads a mapping file.
  ///
  /// - throws: ``LearningError`` that names the file and what is wrong in it.
  public init(contentsOf file: URL) throws(LearningError) {
    let data: Data
    do { data = try Data(contentsOf: file) } catch {
      throw LearningError(
        .inaccessibleFile, "\(file.path): can't be read (\(error.localizedDescription)); name a mapping file")
    }
    do { try self.init(yaml: data) } catch {
      throw LearningError(error.code, "\(file.path): \(error.description)")
    }
  }

  /// Reads the text of a mapping file.
  public init(yaml data: Data) throws(LearningError) {
    do {
      self = try YAMLDecoder().decode(HistoryMapping.self, from: data)
    } catch {
      throw Self.reason(error)
    }
    sha256 = SHA256.hexadecimal(of: data)
  }

  /// Columns of the file that the mapping names, derived ones and those of a joined file left out.
  var requiredColumns: [String] {
    let rules = [click, ad, user, decision, slot, bid, price, propensity].compactMap(\.self)
    let fields = join == nil ? Array(context.values) + attributes.values : []
    let named = (rules + derived.values + fields).flatMap(\.columns) + [time?.column, join?.key].compactMap(\.self)
    return Set(named).subtracting(derived.keys).sorted()
  }

  private static func reason(_ error: any Error) -> LearningError {
    if let error = error as? LearningError { return error }
    guard let error = error as? DecodingError else { return LearningError(.invalidMapping, "not a mapping: \(error)") }
    switch error {
    case .keyNotFound(let key, _): return LearningError(.invalidMapping, "'\(key.stringValue)' is missing; add it")
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      if let cause = context.underlyingError as? LearningError { return cause }
      let place = context.codingPath.map(\.stringValue).joined(separator: ".")
      return LearningError(.invalidMapping, "\(context.debugDescription) at \(place.isEmpty ? "the top" : place)")
    @unknown default: return LearningError(.invalidMapping, "not a mapping: \(error)")
    }
  }
}

extension HistoryMapping: Decodable {
  private enum Key: String, CodingKey, CaseIterable {
    case click, ad, user, decision, slot, time, bid, price, propensity, derive, join, context, attributes
  }

  public init(from decoder: any Decoder) throws {
    try MappingKeys.check(decoder, known: Key.allCases.map(\.rawValue))
    let container = try decoder.container(keyedBy: Key.self)
    func rule(_ key: Key) throws -> ValueRule? { try container.decodeIfPresent(ValueRule.self, forKey: key) }
    click = try container.decode(ValueRule.self, forKey: .click)
    ad = try container.decode(ValueRule.self, forKey: .ad)
    user = try rule(.user)
    decision = try rule(.decision)
    slot = try rule(.slot)
    time = try container.decodeIfPresent(TimeRule.self, forKey: .time)
    bid = try rule(.bid)
    price = try rule(.price)
    propensity = try rule(.propensity)
    derived = try container.decodeIfPresent([String: ValueRule].self, forKey: .derive) ?? [:]
    join = try container.decodeIfPresent(JoinRule.self, forKey: .join)
    context = try container.decodeIfPresent([String: ValueRule].self, forKey: .context) ?? [:]
    attributes = try container.decodeIfPresent([String: ValueRule].self, forKey: .attributes) ?? [:]
  }
}

extension HistoryMapping.JoinRule: Decodable {
  private enum Key: String, CodingKey {
    case file, key
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    file = try TextTemplate(try container.decode(String.self, forKey: .file))
    key = try container.decode(String.self, forKey: .key)
  }
}
