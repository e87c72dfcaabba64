/// One answer of a server.
struct HTTPAnswer: Equatable {
  var status: Int
  var body: ArraySlice<UInt8>
  /// Whether the server closes the connection after it.
  var isLast: Bool
}

/// Cuts a stream of bytes into HTTP/1.1 answers that have a Content-Length.
struct HTTPAnswerReader {
  private var bytes: [UInt8] = []
  private var start = 0

  /// Bounds of an answer.
  enum Limits {
    static let headByteCountMax = 65_536
    static let bodyByteCountMax = 64 << 20
    fileprivate static let readByteCount = 65_536
  }

  /// Appends what `read` puts into a buffer; returns what it returned.
  mutating func fill(_ read: (UnsafeMutableRawBufferPointer) -> Int) -> Int {
    if start > 0 {
      bytes.removeFirst(start)
      start = 0
    }
    let end = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: Limits.readByteCount))
    let count = bytes.withUnsafeMutableBytes { read(UnsafeMutableRawBufferPointer(rebasing: $0[end...])) }
    bytes.removeLast(Limits.readByteCount - max(0, count))
    return count
  }

  /// The next whole answer, `nil` when more bytes are needed.
  ///
  /// - throws: ``ClientError`` for what is no such answer, or is too large.
  mutating func next() throws(ClientError) -> HTTPAnswer? {
    guard let headEnd = endOfHead() else {
      guard bytes.count - start <= Limits.headByteCountMax else { throw Self.invalid("an endless head") }
      return nil
    }
    let lines = bytes[start..<headEnd].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
    let first = lines.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
    guard first.hasPrefix("HTTP/1."), let status = Int(first.dropFirst(9).prefix(3)) else {
      throw Self.invalid("'\(first.prefix(40))'")
    }
    var length: Int?
    var isLast = false
    for line in lines.dropFirst() {
      let text = String(decoding: line, as: UTF8.self).lowercased()
      guard let colon = text.firstIndex(of: ":") else { continue }
      let value = text[text.index(after: colon)...].trimmed
      if text.hasPrefix("content-length:") { length = Int(value) }
      if text.hasPrefix("connection:") { isLast = value == "close" }
    }
    guard let length, (0...Limits.bodyByteCountMax).contains(length) else {
      throw Self.invalid("an answer without a usable Content-Length")
    }
    guard bytes.count - headEnd >= length else { return nil }
    defer { start = headEnd + length }
    return HTTPAnswer(status: status, body: bytes[headEnd..<headEnd + length], isLast: isLast)
  }

  /// The index after the empty line that ends a head.
  private func endOfHead() -> Int? {
    var index = start + 3
    while index < bytes.count {
      if bytes[index] == 10, bytes[index - 1] == 13, bytes[index - 2] == 10 { return index + 1 }
      index += 1
    }
    return nil
  }

  private static func invalid(_ what: String) -> ClientError {
    ClientError("the server answers with \(what), which this client can't read; does --url name an AdLoop server?")
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    var text = self
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text.drop { $0.isWhitespace }
  }
}
