/// Finds the fields of one CSV record at the beginning of some bytes.
struct CSVParser {
  private let bytes: Slice<UnsafeBufferPointer<UInt8>>
  private let separator: UInt8
  private var offset: Int
  private var lineCount = 1
  private var fields: [String] = []

  enum Outcome {
    /// The fields, and the bytes and line ends that belong to the record.
    case record(fields: [String], byteCount: Int, lineCount: Int)
    /// The bytes end within the record.
    case incomplete
    case malformed(LineError)
  }

  init(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, separator: UInt8) {
    self.bytes = bytes
    self.separator = separator
    offset = bytes.startIndex
  }

  /// - parameter isAtEnd: whether nothing follows the bytes, so that their end is the record's.
  mutating func record(isAtEnd: Bool) -> Outcome {
    do throws(LineError) {
      while true {
        let isQuoted = offset < bytes.endIndex && bytes[offset] == Self.quote
        guard let field = try isQuoted ? quotedField(isAtEnd) : plainField(isAtEnd) else { return .incomplete }
        fields.append(field)
        guard offset < bytes.endIndex else { break }
        offset += 1
        guard bytes[offset - 1] == separator else { break }
      }
      guard String(validating: bytes[..<offset], as: UTF8.self) != nil else {
        throw LineError("the record isn't UTF-8; convert the file")
      }
      return .record(fields: fields, byteCount: offset - bytes.startIndex, lineCount: lineCount)
    } catch {
      return .malformed(error)
    }
  }

  /// The field up to the next separator or line end, at which the offset is left.
  private mutating func plainField(_ isAtEnd: Bool) throws(LineError) -> String? {
    let start = offset
    while offset < bytes.endIndex, bytes[offset] != separator, bytes[offset] != Self.lineFeed {
      guard bytes[offset] != Self.quote else {
        throw LineError("a quote within a field that doesn't begin with one; quote the field and double the quote")
      }
      offset += 1
    }
    guard offset < bytes.endIndex || isAtEnd else { return nil }
    let endsLine = offset == bytes.endIndex || bytes[offset] == Self.lineFeed
    let hasReturn = endsLine && offset > start && bytes[offset - 1] == Self.carriageReturn
    return String(decoding: bytes[start..<(hasReturn ? offset - 1 : offset)], as: UTF8.self)
  }

  /// The content of a field in quotes; the offset is left at the separator or line end.
  private mutating func quotedField(_ isAtEnd: Bool) throws(LineError) -> String? {
    offset += 1
    var start = offset
    var content: [UInt8] = []
    while true {
      while offset < bytes.endIndex, bytes[offset] != Self.quote {
        if bytes[offset] == Self.lineFeed { lineCount += 1 }
        offset += 1
      }
      guard offset < bytes.endIndex else {
        if isAtEnd { throw LineError("a quoted field isn't closed; add the quote") }
        return nil
      }
      content += bytes[start..<offset]
      offset += 1
      guard offset < bytes.endIndex || isAtEnd else { return nil }
      guard offset < bytes.endIndex, bytes[offset] == Self.quote else { break }
      start = offset
      offset += 1
    }
    if offset < bytes.endIndex, bytes[offset] == Self.carriageReturn {
      guard offset + 1 < bytes.endIndex || isAtEnd else { return nil }
      if offset + 1 == bytes.endIndex || bytes[offset + 1] == Self.lineFeed { offset += 1 }
    }
    guard offset == bytes.endIndex || bytes[offset] == separator || bytes[offset] == Self.lineFeed else {
      throw LineError("something follows a closing quote; double a quote that is part of the field")
    }
    return String(decoding: content, as: UTF8.self)
  }

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
}
