import Foundation

/// A policy written down as probabilities, read from a CSV or NDJSON file.
///
/// Each row is one choice: the columns say when and what, `probability` how likely; without that column every row is
/// certain. The columns are columns of the log under the same names, derived and joined ones too, or `ad` and `slot`,
/// which are the mapping's. Those that the mapping makes the ad's id of (or `ad`) name the choice, the others say when it
/// applies. A choice that isn't listed has probability 0.
struct PolicyTable {
  /// Columns that say when a choice applies, and which choice it is.
  let conditionColumns: [String]
  let choiceColumns: [String]
  /// Probability by choice, by condition.
  let choices: [String: [String: Double]]

  /// Rows at most.
  static let rowCountMax = 5_000_000
  /// Column with the probability.
  static let probabilityColumn = "probability"

  private static let separator = "\u{1F}"

  /// - throws: ``LearningError`` when the file can't be read or isn't a policy for logs of this mapping.
  init(_ file: URL, mapping: HistoryMapping) throws(LearningError) {
    var source: HistoryFile
    do { source = try HistoryFile(file) } catch {
      throw LearningError(.inaccessibleFile, "\(file.path): \(error); name a CSV or NDJSON file with the policy")
    }
    var columns = source.columns.map { $0.sorted() }
    var choices: [String: [String: Double]] = [:]
    var (conditions, named): ([String], [String]) = ([], [])
    var rowCount = 0
    while let (line, row) = try Self.next(&source, file) {
      if rowCount == 0 {
        columns = columns ?? row.added.keys.sorted()
        (conditions, named) = try Self.split(columns ?? [], mapping: mapping, file: file)
      }
      rowCount += 1
      guard rowCount <= Self.rowCountMax else {
        throw LearningError(.limitReached, "\(file.path) has more than \(Self.rowCountMax) rows; leave out what is 0")
      }
      guard let condition = Self.key(conditions, { row[$0] }), let choice = Self.key(named, { row[$0] }) else {
        throw LearningError(.invalidMapping, "\(file.path), line \(line): a value is missing")
      }
      let probability = try Self.probability(row, columns: columns ?? [], line: line, file: file)
      guard choices[condition, default: [:]].updateValue(probability, forKey: choice) == nil else {
        throw LearningError(.invalidMapping, "\(file.path), line \(line): the same choice was listed before")
      }
    }
    guard rowCount > 0 else { throw LearningError(.noExamples, "\(file.path) has no rows") }
    (self.choices, conditionColumns, choiceColumns) = (choices, conditions, named)
  }

  /// Conditions whose probabilities don't sum to 1, to 0.001.
  var unbalancedCount: Int {
    choices.values.count { abs($0.values.reduce(0, +) - 1) > 1e-3 }
  }

  /// Values joined to one text, `nil` when one is missing.
  static func key(_ columns: [String], _ value: (String) -> String?) -> String? {
    var parts: [String] = []
    for column in columns {
      guard let part = value(column) else { return nil }
      parts.append(part)
    }
    return parts.joined(separator: separator)
  }

  private static func next(
    _ source: inout HistoryFile, _ file: URL
  ) throws(LearningError) -> (line: Int, row: HistoryRow)? {
    do {
      guard let next = try source.next() else { return nil }
      return (next.line, try next.row.get())
    } catch let error as RejectedLine {
      throw LearningError(.invalidMapping, "\(file.path), line \(error.line): \(error.reason)")
    } catch {
      throw LearningError(.inaccessibleFile, "\(file.path): \(error)")
    }
  }

  private static func split(
    _ columns: [String], mapping: HistoryMapping, file: URL
  ) throws(LearningError) -> (conditions: [String], choices: [String]) {
    let names = Set(mapping.ad.columns + ["ad"])
    let keys = columns.filter { $0 != probabilityColumn }
    let choices = keys.filter(names.contains)
    guard !choices.isEmpty else {
      throw LearningError(
        .invalidMapping,
        "\(file.path) doesn't say which ad is chosen; it needs a column \(names.sorted().joined(separator: " or "))")
    }
    return (keys.filter { !names.contains($0) }, choices)
  }

  private static func probability(
    _ row: HistoryRow, columns: [String], line: Int, file: URL
  ) throws(LearningError) -> Double {
    guard columns.contains(probabilityColumn) else { return 1 }
    guard let number = row[probabilityColumn].flatMap({ Double($0) }), (0...1).contains(number) else {
      throw LearningError(.invalidMapping, "\(file.path), line \(line): probability must be a number from 0 to 1")
    }
    return number
  }
}
