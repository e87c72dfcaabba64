import Foundation

/// A text that says one ad a line.
protocol AdLines {
  /// Share that was read, in [0, 1]; `nil` when the size isn't known.
  var fraction: Double? { get }

  /// The next line's number and its ad, or why there is none; `nil` at the end.
  mutating func next() throws(CatalogError) -> (number: Int, ad: Result<Ad, CatalogError>)?
}

/// Ads as NDJSON; blank lines are skipped.
struct NDJSONAdLines: AdLines {
  private let reader: LineReader

  init(_ reader: LineReader) {
    self.reader = reader
  }

  var fraction: Double? { reader.fraction }

  mutating func next() throws(CatalogError) -> (number: Int, ad: Result<Ad, CatalogError>)? {
    while let line = try reader.next() {
      if case .success(let bytes) = line.bytes, bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
      return (line.number, Self.ad(line))
    }
    return nil
  }

  private static func ad(_ line: Line) -> Result<Ad, CatalogError> {
    line.bytes.flatMap { bytes in Result { () throws(LineError) in try JSONValue(parsing: bytes) } }
      .mapError { CatalogError(.invalidAd, $0.description) }
      .flatMap { json in Result { () throws(CatalogError) in try Ad(json: json) } }
  }
}

/// Ads as CSV with a header.
struct CSVAdLines: AdLines {
  private let reader: CSVReader
  private let columns: [CSVAdColumn]

  init(_ url: URL) throws(CatalogError) {
    reader = try CSVReader(url)
    do throws(CatalogError) {
      let header = try reader.next()?.fields.mapError { CatalogError(.foreignFile, "the first line: \($0)") }.get()
      columns = try CSVAdColumn.columns(header: header ?? [])
    } catch {
      throw CatalogError(error.code, "\(url.path): \(error.description)")
    }
  }

  var fraction: Double? { reader.fraction }

  mutating func next() throws(CatalogError) -> (number: Int, ad: Result<Ad, CatalogError>)? {
    guard let record = try reader.next() else { return nil }
    let ad = record.fields.mapError { CatalogError(.invalidAd, $0.description) }
      .flatMap { fields in Result { () throws(CatalogError) in try Ad(columns: columns, fields: fields) } }
    return (record.lineNumber, ad)
  }
}
