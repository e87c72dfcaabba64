import Foundation

/// Where a server listens.
struct HTTPAddress: CustomStringConvertible, Sendable {
  let host: String
  let port: UInt16
  /// What comes before every path, without a slash at its end.
  let pathPrefix: String

  var description: String { "http://\(authority)\(pathPrefix)" }
  /// Host and port as the Host field wants them.
  var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// Reads an address such as `http://127.0.0.1:8080`.
  ///
  /// - throws: ``ClientError`` for anything but plain HTTP.
  init(_ url: String) throws(ClientError) {
    guard let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty, parts.scheme == "http",
      let port = UInt16(exactly: parts.port ?? 80)
    else {
      throw ClientError("'\(url)' is no address of plain HTTP; write it as http://127.0.0.1:8080")
    }
    self.host = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
    self.port = port
    pathPrefix = parts.path.hasSuffix("/") ? String(parts.path.dropLast()) : parts.path
  }

  /// One socket address of the host.
  struct Candidate {
    let family: Int32
    fileprivate let bytes: [UInt8]

    /// Connects a socket; on false `errno` says why.
    func connect(_ descriptor: Int32) -> Bool {
      bytes.withUnsafeBytes { raw in
        Glibc.connect(
          descriptor, raw.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count)) == 0
      }
    }
  }

  /// The socket addresses of the host, in the order in which they should be tried.
  func resolve() throws(ClientError) -> [Candidate] {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, String(port), &hints, &list)
    defer { if let list { freeaddrinfo(list) } }
    guard status == 0 else { throw ClientError("\(host): \(String(cString: gai_strerror(status)))") }
    var candidates: [Candidate] = []
    var next = list
    while let entry = next?.pointee {
      let bytes = UnsafeRawBufferPointer(start: entry.ai_addr, count: Int(entry.ai_addrlen))
      candidates.append(Candidate(family: entry.ai_family, bytes: Array(bytes)))
      next = entry.ai_next
    }
    return candidates
  }
}
