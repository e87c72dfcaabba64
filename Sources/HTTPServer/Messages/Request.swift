import HTTPTypes

/// One request, as a handler sees it.
///
/// Fields stay bytes until they are asked for, so a handler that needs none pays for none.
public struct Request: Sendable {
  let parsed: RequestHead
  let isSecure: Bool
  /// Percent-decoded, without the query; `*` for `OPTIONS *`. Routes match segments before they are decoded.
  public let path: String
  /// Form-decoded, in the order sent.
  public let query: [QueryItem]
  /// What stands in the place of each `{name}` of the route's pattern, percent-decoded.
  public internal(set) var parameters: [String: String] = [:]
  /// Without chunks, and inflated when it came with `Content-Encoding: gzip`.
  public var body: [UInt8] = []
  /// The client's address without a port, taken from the proxy's fields when the peer is a trusted proxy. Not for logs.
  public internal(set) var peerAddress: String

  /// Throws `ParseFailure` when path or query is not UTF-8, or has a NUL.
  init(_ parsed: RequestHead, peerAddress: String, isSecure: Bool) throws(ParseFailure) {
    self.parsed = parsed
    self.peerAddress = peerAddress
    self.isSecure = isSecure
    guard let path = PercentEncoding.decode(parsed.bytes[parsed.path.range], plusIsSpace: false) else {
      throw .malformed("The path is not UTF-8.")
    }
    self.path = path.isEmpty ? (parsed.method == .options ? "*" : "/") : path
    query = try Self.items(parsed.bytes[parsed.query.range])
  }

  public var method: HTTPRequest.Method { parsed.method.standard }

  /// The first value of that name in the query. Linear in the number of items.
  public func queryValue(_ name: String) -> String? {
    query.first { $0.name == name }?.value
  }

  /// The field's values joined by commas; nil when there is none.
  public func field(_ name: HTTPField.Name) -> String? {
    parsed.value(of: name.canonicalName.utf8)
  }

  /// The media type of the body in lower case and without parameters; nil when Content-Type is missing. A list of several
  /// stays one text, which is no type that anybody accepts.
  public var contentType: String? {
    guard let value = parsed.value(of: "content-type".utf8) else { return nil }
    var type = value.prefix { $0 != ";" }
    while let last = type.last, last == " " || last == "\t" { type.removeLast() }
    return type.isEmpty ? nil : type.lowercased()
  }

  /// The whole head in the standard types. It is made anew at each call.
  public var head: HTTPRequest {
    var fields = HTTPFields()
    fields.reserveCapacity(parsed.fields.count)
    for field in parsed.fields {
      guard let name = HTTPField.Name(parsed.string(field.name)), name.canonicalName != "host" else { continue }
      fields.append(HTTPField(name: name, value: parsed.string(field.value)))
    }
    return HTTPRequest(
      method: method, scheme: isSecure ? "https" : "http", authority: parsed.string(parsed.authority),
      path: parsed.string(parsed.target), headerFields: fields)
  }

  private static func items(_ bytes: ArraySlice<UInt8>) throws(ParseFailure) -> [QueryItem] {
    guard !bytes.isEmpty else { return [] }
    var items: [QueryItem] = []
    items.reserveCapacity(8)
    var start = bytes.startIndex
    while start < bytes.endIndex {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "&")) ?? bytes.endIndex
      let pair = bytes[start..<end]
      start = end + 1
      guard !pair.isEmpty else { continue }
      let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? end
      guard let name = PercentEncoding.decode(pair[..<equals], plusIsSpace: true),
        let value = PercentEncoding.decode(pair[equals...].dropFirst(), plusIsSpace: true)
      else { throw .malformed("The query is not UTF-8.") }
      items.append(QueryItem(name: name, value: value))
    }
    return items
  }
}

extension Request {
  /// A request as a client would send it, for tests and for calls without a socket. It goes through the same parser.
  ///
  /// - Parameter target: path and query, percent-encoded.
  /// - Throws: `Problem` when a client could not send this.
  public init(
    method: HTTPRequest.Method = .get, target: String, fields: HTTPFields = [:], body: [UInt8] = [],
    peerAddress: String = "127.0.0.1"
  ) throws {
    var text = "\(method.rawValue) \(target) HTTP/1.1\r\nHost: localhost\r\n"
    for field in fields { text += "\(field.name.rawName): \(field.value)\r\n" }
    do throws(ParseFailure) {
      var parser = RequestParser(limits: ParserLimits())
      var failure: ParseFailure?
      Array("\(text)\r\n".utf8).withUnsafeBytes { bytes in
        do throws(ParseFailure) { _ = try parser.parse(bytes) } catch { failure = error }
      }
      if let failure { throw failure }
      try self.init(parser.head, peerAddress: peerAddress, isSecure: false)
    } catch {
      throw Problem(error)
    }
    self.body = body
  }
}

extension RequestHead.Method {
  var standard: HTTPRequest.Method {
    switch self {
    case .get: .get
    case .head: .head
    case .post: .post
    case .put: .put
    case .patch: .patch
    case .delete: .delete
    case .options: .options
    case .trace: .trace
    case .query: HTTPRequest.Method("QUERY")!
    }
  }
}
