import Catalog
import Events
import GRDB

/// Writes examples for other programs, as NDJSON or CSV, in the order in which they became final.
///
/// The columns of both, in this order:
///
///     column            content
///     id                place in training order, from 1
///     impression_id     offset of the impression in the log
///     decision          32 hexadecimal digits; the rows of one page view share it
///     slot              position on the page, from 1
///     time_ms           when the ad was on screen, milliseconds since 1970 UTC
///     user, ad, model   ids; the model is the one that predicted ctr
///     objective         revenue or ctr
///     traffic           live, dry_run, probe or history
///     label             1 when it was clicked within the window, else 0
///     ctr               click probability that was predicted when it was served; 0 for imported history
///     bid, price        currency units a click
///     propensity        probability that the ad got the slot
///     experiments       the arm of each experiment
///     context           raw values of the request by field
///     attributes        raw values of the ad by attribute
///
/// In NDJSON the last three are objects. In CSV (RFC 4180) experiments is the text of an object, and context and attributes
/// are columns of their own, `context.FIELD` and `attributes.FIELD`, for the fields of the schema; a missing value is empty.
public struct ExampleExport {
  /// How examples are written.
  public enum Format: String, Sendable, CaseIterable {
    case ndjson, csv
  }

  private let store: Store
  private let format: Format
  private let contextFields: [String]
  private let attributeFields: [String]

  private static let plainColumns = [
    "id", "impression_id", "decision", "slot", "time_ms", "user", "ad", "model", "objective", "traffic", "label", "ctr",
    "bid", "price", "propensity",
  ]
  private static let textColumns: Set = ["decision", "user", "ad", "model", "objective", "traffic"]
  private static let pageRowCount = 4096

  /// - parameters:
  ///   - contextFields: which fields of the context are columns of a CSV file.
  ///   - attributeFields: which attributes of the ad are.
  public init(_ store: Store, format: Format, contextFields: [String], attributeFields: [String]) {
    self.store = store
    self.format = format
    self.contextFields = contextFields
    self.attributeFields = attributeFields
  }

  /// Examples of the given traffic after an id: what ``run(after:traffic:progress:write:)`` writes.
  public func count(after id: Int64, traffic: [Traffic]) throws -> Int {
    let sql = "SELECT count(*) FROM examples WHERE id > ? AND traffic IN (\(Self.list(traffic)))"
    return try store.reader.read { try Int.fetchOne($0, sql: sql, arguments: [id]) } ?? 0
  }

  /// Writes the examples of the given traffic whose id lies after `id`. Memory doesn't depend on their number.
  ///
  /// - parameters:
  ///   - progress: told the examples written so far.
  ///   - write: takes one line without its end; the first is the header of a CSV file.
  /// - returns: the number of examples, and the id of the last, from which a later export goes on.
  public func run(
    after id: Int64 = 0, traffic: [Traffic], progress: (Int) -> Void = { _ in }, write: ([UInt8]) throws -> Void
  ) throws -> (count: Int, last: Int64) {
    if format == .csv { try write(header) }
    let sql = """
      SELECT \((Self.plainColumns + ["experiments", "context", "attributes"]).joined(separator: ", ")) FROM examples
      WHERE id > ? AND traffic IN (\(Self.list(traffic))) ORDER BY id LIMIT \(Self.pageRowCount)
      """
    var (count, last) = (0, id)
    while true {
      let page = try store.reader.read { try Row.fetchAll($0, sql: sql, arguments: [last]) }
      for row in page { try write(format == .csv ? try csv(row) : ndjson(row)) }
      guard let end = page.last else { return (count, last) }
      (count, last) = (count + page.count, end[0])
      progress(count)
    }
  }

  private var header: [UInt8] {
    let names =
      Self.plainColumns + ["experiments"] + contextFields.map { "context.\($0)" }
      + attributeFields.map { "attributes.\($0)" }
    return Self.csvLine(names)
  }

  private func ndjson(_ row: Row) -> [UInt8] {
    var line: [UInt8] = []
    for (index, column) in Self.plainColumns.enumerated() {
      line += (index == 0 ? "{" : ",").utf8
      line += "\"\(column)\":".utf8
      if Self.textColumns.contains(column) { line.appendJSON(row[index] as String) } else { line += number(row, index) }
    }
    for (index, column) in ["experiments", "context", "attributes"].enumerated() {
      line += ",\"\(column)\":\(row[Self.plainColumns.count + index] as String)".utf8
    }
    line.append(UInt8(ascii: "}"))
    return line
  }

  private func csv(_ row: Row) throws -> [UInt8] {
    var cells = Self.plainColumns.enumerated().map { index, column in
      Self.textColumns.contains(column) ? row[index] : String(decoding: number(row, index), as: UTF8.self)
    }
    let start = Self.plainColumns.count
    cells.append(row[start])
    cells += try values(row[start + 1], of: contextFields) + values(row[start + 2], of: attributeFields)
    return Self.csvLine(cells)
  }

  private func number(_ row: Row, _ index: Int) -> [UInt8] {
    let value: DatabaseValue = row[index]
    if case .double(let number) = value.storage { return Array("\(number)".utf8) }
    return Array("\(row[index] as Int64)".utf8)
  }

  private func values(_ text: String, of fields: [String]) throws -> [String] {
    guard !fields.isEmpty, case .object(let members) = try JSONValue(parsing: Array(text.utf8)[...]) else {
      return fields.map { _ in "" }
    }
    return fields.map { field in members.first { $0.name == field }?.value.scalarText ?? "" }
  }

  private static func csvLine(_ cells: [String]) -> [UInt8] {
    let quoted = cells.map { cell in
      cell.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
        ? "\"\(cell.replacing("\"", with: "\"\""))\"" : cell
    }
    return Array(quoted.joined(separator: ",").utf8)
  }

  private static func list(_ traffic: [Traffic]) -> String {
    traffic.map { "'\($0.rawValue)'" }.joined(separator: ", ")
  }
}
