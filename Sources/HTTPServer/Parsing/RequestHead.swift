/// A request line and its fields, as ranges of their own bytes: two allocations, however many fields there are.
struct RequestHead: Sendable {
  enum Method: String, Sendable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"
    case trace = "TRACE"
    case query = "QUERY"
  }

  /// How the length of the body is told.
  enum Framing: Equatable, Sendable {
    case none
    case length(Int)
    case chunked
  }

  struct ByteRange: Sendable {
    var start: UInt32
    var end: UInt32

    init(_ range: Range<Int>) {
      start = UInt32(truncatingIfNeeded: range.lowerBound)
      end = UInt32(truncatingIfNeeded: range.upperBound)
    }

    var range: Range<Int> { Int(start)..<Int(end) }
  }

  struct Field: Sendable {
    var name: ByteRange
    var value: ByteRange
  }

  var bytes: [UInt8] = []
  var method = Method.get
  /// The target as it was sent.
  var target = ByteRange(0..<0)
  /// Percent-encoded; empty for `OPTIONS *`.
  var path = ByteRange(0..<0)
  /// Percent-encoded, without the question mark.
  var query = ByteRange(0..<0)
  /// From the target when it is absolute, else from Host.
  var authority = ByteRange(0..<0)
  var isVersion10 = false
  var fields: [Field] = []
  var framing = Framing.none
  var keepsAlive = true
  var expectsContinue = false

  /// The field's values in order, joined by commas as RFC 9110, 5.2 has it; nil when there is none.
  /// - Parameter name: in lower case.
  func value(of name: String.UTF8View) -> String? {
    var joined: String?
    for field in fields where isName(field.name, name) {
      joined = joined.map { "\($0), \(string(field.value))" } ?? string(field.value)
    }
    return joined
  }

  private func isName(_ range: ByteRange, _ name: String.UTF8View) -> Bool {
    guard range.range.count == name.count else { return false }
    return zip(bytes[range.range], name).allSatisfy { ($0 &- 65 < 26 ? $0 | 0x20 : $0) == $1 }
  }

  func string(_ range: ByteRange) -> String { String(decoding: bytes[range.range], as: UTF8.self) }
}

/// Whether `bytes` is `name` whatever its case. `name` must be in lower case.
func matches(_ bytes: Slice<UnsafeRawBufferPointer>, _ name: StaticString) -> Bool {
  guard bytes.count == name.utf8CodeUnitCount else { return false }
  return name.withUTF8Buffer { expected in
    var index = bytes.startIndex
    for byte in expected {
      let lowered = bytes[index] &- 65 < 26 ? bytes[index] | 0x20 : bytes[index]
      if lowered != byte { return false }
      index += 1
    }
    return true
  }
}
