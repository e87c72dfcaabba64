import Catalog
import Foundation

/// The rows of a CSV file with a header, or of an NDJSON file (`.ndjson`, `.jsonl`), plain or gzip.
struct HistoryFile {
  private enum Source {
    case csv(CSVReader, columns: [String: Int])
    case ndjson(LineReader)
  }

  private let source: Source

  /// - throws: `CatalogError` when the file can't be read, `LineError` when its header can't be.
  init(_ file: URL) throws {
    let name = file.lastPathComponent.lowercased()
    if [".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz"].contains(where: { name.hasSuffix($0) }) {
      source = .ndjson(try LineReader(file))
    } else {
      let reader = try CSVReader(file)
      let header = try reader.next()?.fields.get() ?? []
      source = .csv(reader, columns: Dictionary(header.enumerated().map { ($1, $0) }) { first, _ in first })
    }
  }

  /// Names of the columns, `nil` in NDJSON, where every line has its own.
  var columns: Set<String>? {
    if case .csv(_, let columns) = source { Set(columns.keys) } else { nil }
  }

  /// Share of the file that was read, in [0, 1]; `nil` when its size isn't known.
  var fraction: Double? {
    switch source {
    case .csv(let reader, _): reader.fraction
    case .ndjson(let reader): reader.fraction
    }
  }

  /// The next row with the number of its line, or `nil` at the end of the file.
  ///
  /// - throws: `CatalogError` when the file can't be read on.
  func next() throws -> (line: Int, row: Result<HistoryRow, RejectedLine>)? {
    switch source {
    case .csv(let reader, let columns):
      guard let record = try reader.next() else { return nil }
      let row = record.fields.map { HistoryRow(columns: columns, cells: $0) }
      return (record.lineNumber, row.mapError { RejectedLine(line: record.lineNumber, reason: $0.description) })
    case .ndjson(let reader):
      guard let line = try reader.next() else { return nil }
      let row = line.bytes.flatMap(Self.row)
      return (line.number, row.mapError { RejectedLine(line: line.number, reason: $0.description) })
    }
  }

  private static func row(ofJSON text: ArraySlice<UInt8>) -> Result<HistoryRow, LineError> {
    do {
      guard case .object(let members) = try JSONValue(parsing: text) else {
        return .failure(LineError("the line isn't a JSON object"))
      }
      let values = members.compactMap { member in member.value.scalarText.map { (member.name, $0) } }
      return .success(HistoryRow(columns: [:], cells: [], added: Dictionary(values) { _, last in last }))
    } catch {
      return .failure(error)
    }
  }
}
