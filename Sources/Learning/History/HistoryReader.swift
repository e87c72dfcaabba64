import Foundation

/// Reads a history file row by row through a mapping. For one thread.
public final class HistoryReader {
  private let mapping: HistoryMapping
  private let file: HistoryFile
  private let directory: URL
  private var joined: [String: JoinedTable] = [:]
  private let derivedNames: [String]
  /// Rows read so far, rejected ones included.
  public private(set) var rowCount = 0

  /// Share of the file that was read, in [0, 1]; `nil` when its size isn't known.
  public var fraction: Double? { file.fraction }

  /// Files that one import may join.
  public static let joinedFileCountMax = 16

  /// Opens a file.
  ///
  /// - throws: ``LearningError`` when it can't be read or lacks a column that the mapping names.
  public init(_ file: URL, mapping: HistoryMapping) throws(LearningError) {
    self.mapping = mapping
    directory = file.deletingLastPathComponent()
    derivedNames = mapping.derived.keys.sorted()
    do { self.file = try HistoryFile(file) } catch {
      throw LearningError(.inaccessibleFile, "\(file.path): \(error); name a CSV or NDJSON file, plain or .gz")
    }
    let absent = mapping.requiredColumns.filter { self.file.columns?.contains($0) == false }
    guard absent.isEmpty else {
      throw LearningError(
        .invalidMapping,
        "\(file.lastPathComponent) has no column \(absent.joined(separator: ", ")); correct the mapping or the file")
    }
  }

  /// The next impression or rejected line, `nil` at the end of the file.
  ///
  /// - throws: ``LearningError`` when the file breaks off or a joined file can't be read.
  public func next() throws(LearningError) -> Result<HistoryRecord, RejectedLine>? {
    try nextRow()?.map(\.record)
  }

  /// The next impression with all columns of its row.
  func nextRow() throws(LearningError) -> Result<(row: HistoryRow, record: HistoryRecord), RejectedLine>? {
    let found: (line: Int, row: Result<HistoryRow, RejectedLine>)?
    do { found = try file.next() } catch {
      throw LearningError(.damagedFile, "after row \(rowCount): \(error)")
    }
    guard let found else { return nil }
    defer { rowCount += 1 }
    switch found.row {
    case .failure(let rejected): return .failure(rejected)
    case .success(var row):
      for name in derivedNames { row.added[name] = mapping.derived[name]?.value(in: row) }
      try join(&row)
      do {
        return .success((row, try mapping.record(of: row, line: found.line, number: rowCount)))
      } catch {
        return .failure(error)
      }
    }
  }

  /// Name of the file joined to `row`, empty for none.
  func joinedFile(_ row: HistoryRow) -> String { mapping.join?.file.text(in: row) ?? "" }

  /// The ads that the file joined to `row` knows: the ids that the row would have with each of them.
  func joinedAds(_ row: HistoryRow) -> [String] {
    guard let rule = mapping.join, let table = joined[joinedFile(row)] else { return [] }
    return table.rows.keys.sorted().compactMap { key in
      var other = row
      other.added[rule.key] = key
      other.added.merge(table.rows[key] ?? [:]) { $1 }
      return mapping.ad.value(in: other)
    }
  }

  /// Adds the columns of the joined file; a row without a partner there misses them.
  private func join(_ row: inout HistoryRow) throws(LearningError) {
    guard let rule = mapping.join, let name = rule.file.text(in: row), let key = row[rule.key] else { return }
    let table: JoinedTable
    if let known = joined[name] {
      table = known
    } else {
      guard joined.count < Self.joinedFileCountMax else {
        throw LearningError(
          .invalidMapping, "the mapping joins more than \(Self.joinedFileCountMax) files; merge them into one")
      }
      table = try JoinedTable(directory.appendingPathComponent(name), key: rule.key)
      joined[name] = table
    }
    row.added.merge(table.rows[key] ?? [:]) { own, _ in own }
  }
}
