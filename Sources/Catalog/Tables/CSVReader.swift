import Foundation

/// The records of a CSV file (RFC 4180), plain or gzip, one after the other in bounded memory.
///
/// Fields may be quoted; a quoted one may hold separators, line breaks and doubled quotes. Lines end with LF or CR LF;
/// blank ones are skipped, and a byte order mark in front as well. Every record has as many fields as the first. What
/// isn't like that costs one line: the next record is looked for on the line after. Not for use by several threads at
/// once.
public final class CSVReader {
  /// Bytes of a record; a longer one is reported and skipped.
  public static let recordByteCountMax = 1 << 20

  private let separator: UInt8
  private var window: ByteWindow
  private var lineNumber = 1
  private var fieldCount: Int?

  /// Opens a file.
  ///
  /// - parameter separator: the ASCII character between fields.
  /// - throws: ``CatalogError`` when it can't be read.
  public convenience init(_ file: URL, separator: UInt8 = UInt8(ascii: ",")) throws(CatalogError) {
    try self.init(ByteWindow(ByteSource(file)), separator: separator)
  }

  /// Reads records from memory.
  public convenience init(_ text: [UInt8], separator: UInt8 = UInt8(ascii: ",")) throws(CatalogError) {
    try self.init(ByteWindow(text), separator: separator)
  }

  private init(_ window: ByteWindow, separator: UInt8) throws(CatalogError) {
    self.separator = separator
    self.window = window
    while self.window.count < 3, try self.window.extend() {}
    let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    if self.window.withBytes({ $0.starts(with: byteOrderMark) }) { self.window.drop(byteOrderMark.count) }
  }

  /// Share of the file that was read, in [0, 1]; `nil` when its size isn't known.
  public var fraction: Double? { window.fraction }

  /// The next record, `nil` at the end.
  ///
  /// - throws: ``CatalogError`` when the file can't be read on or its compression is damaged.
  public func next() throws(CatalogError) -> CSVRecord? {
    var isAtEnd = false
    while true {
      let outcome = window.withBytes { bytes in
        var parser = CSVParser(bytes.prefix(Self.recordByteCountMax), separator: separator)
        return parser.record(isAtEnd: isAtEnd)
      }
      switch outcome {
      case .record(let fields, let byteCount, let lineCount):
        defer { lineNumber += lineCount }
        window.drop(byteCount)
        if fields == [""] { continue }
        return CSVRecord(lineNumber: lineNumber, fields: checked(fields))
      case .malformed(let error):
        return try skipLine(error)
      case .incomplete where window.count >= Self.recordByteCountMax:
        return try skipLine(
          LineError("the record has more than \(Self.recordByteCountMax) bytes; look for an open quote"))
      case .incomplete:
        isAtEnd = try !window.extend()
        if isAtEnd, window.count == 0 { return nil }
      }
    }
  }

  private func checked(_ fields: [String]) -> Result<[String], LineError> {
    let expected = fieldCount ?? fields.count
    fieldCount = expected
    guard fields.count == expected else {
      return .failure(LineError("\(fields.count) fields instead of \(expected); quote fields that hold a separator"))
    }
    return .success(fields)
  }

  private func skipLine(_ error: LineError) throws(CatalogError) -> CSVRecord {
    defer { lineNumber += 1 }
    while true {
      if let offset = window.withBytes({ $0.firstIndex(of: 0x0A) }) {
        window.drop(offset + 1)
        break
      }
      window.drop(window.count)
      guard try window.extend() else { break }
    }
    return CSVRecord(lineNumber: lineNumber, fields: .failure(error))
  }
}
