import Events
import Foundation
import Statistics

/// Examples with their predictions, and what they can be told apart by.
public struct ScoredExamples: Sendable {
  /// What is known about one example.
  struct Row {
    let label: Bool
    let prediction: Double
    /// Prediction of the model that is compared with.
    var other: Double?
    /// Who looked: examples of one user aren't independent. Empty when unknown.
    var user = ""
  }

  public let fields: [SliceField]
  public private(set) var labels: [Bool] = []
  public private(set) var predictions: [Double] = []
  /// As many as ``predictions``, or none.
  public private(set) var others: [Double] = []
  /// Group of each example for the bootstrap.
  private(set) var groups: [UInt16] = []
  /// For each field, the number of each example's value in ``names``.
  private(set) var codes: [[UInt32]]
  private(set) var names: [[String]]
  private var numbers: [[String: UInt32]]

  /// Different values of a field; later ones count as `(other)`.
  public static let valueCountMax = 100_000
  /// Groups of examples for the bootstrap.
  static let groupCount = 200

  init(fields: [SliceField]) {
    self.fields = fields
    codes = fields.map { _ in [] }
    names = fields.map { _ in [] }
    numbers = fields.map { _ in [:] }
  }

  public var count: Int { labels.count }

  /// Adds an example; `lookup` tells its value of a name.
  mutating func add(_ row: Row, lookup: (String) -> String?) {
    groups.append(row.user.isEmpty ? UInt16(count % Self.groupCount) : Self.group(row.user))
    labels.append(row.label)
    predictions.append(row.prediction)
    if let other = row.other { others.append(other) }
    for field in fields.indices { codes[field].append(code(fields[field].value(lookup), field: field)) }
  }

  private mutating func code(_ value: String, field: Int) -> UInt32 {
    if let known = numbers[field][value] { return known }
    let isFull = names[field].count >= Self.valueCountMax
    if isFull, let other = numbers[field]["(other)"] { return other }
    let name = isFull ? "(other)" : value
    let number = UInt32(names[field].count)
    numbers[field][name] = number
    names[field].append(name)
    return number
  }

  /// FNV-1a, so that a user is in the same group in every run.
  private static func group(_ user: String) -> UInt16 {
    let hash = user.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    return UInt16((hash >> 16) % UInt64(groupCount))
  }

  /// Value of a derived name that follows from time and slot alone.
  static func derived(_ name: String, time: Milliseconds, slot: Int) -> String? {
    switch name {
    case "slot": return "\(slot)"
    case "hour": return String(((time % 86_400_000 + 86_400_000) % 86_400_000) / 3_600_000)
    case "day": return Date(timeIntervalSince1970: Double(time) / 1000).formatted(.iso8601.year().month().day())
    default: return nil
    }
  }
}
