/// Finds out who the client is when requests come through proxies that are trusted to say so.
struct ClientAddresses: Sendable {
  private struct Network: Sendable {
    let address: IPAddress
    let bits: Int

    func contains(_ other: IPAddress) -> Bool { other.network(bits: bits) == address }
  }

  struct BadNetwork: Error, CustomStringConvertible {
    let text: String
    var description: String {
      "trustedProxies: \"\(text)\" is no address or network; write 192.0.2.1, 10.0.0.0/8, 2001:db8::/32 or unix"
    }
  }

  private let networks: [Network]
  private let trustsUnix: Bool

  init(trustedProxies: [String]) throws {
    trustsUnix = trustedProxies.contains("unix")
    networks = try trustedProxies.filter { $0 != "unix" }.map(Self.network)
  }

  /// Returns the client's address: the last hop that isn't a trusted proxy. Forwarded (RFC 7239) is believed before
  /// X-Forwarded-For, and neither unless the peer itself is trusted.
  func client(of peer: Peer, _ head: RequestHead) -> String {
    guard isTrusted(peer.address) else { return peer.text }
    var client = peer.text
    for hop in hops(head).reversed() {
      guard let address = IPAddress(hop) else { return client }
      client = address.text
      if !isTrusted(address) { return client }
    }
    return client
  }

  private func isTrusted(_ address: IPAddress?) -> Bool {
    guard let address else { return trustsUnix }
    return networks.contains { $0.contains(address) }
  }

  private func hops(_ head: RequestHead) -> [String] {
    if let forwarded = head.value(of: "forwarded".utf8) {
      return forwarded.split(separator: ",").map { element in
        let pair = element.split(separator: ";").map(Self.trimmed).first { $0.lowercased().hasPrefix("for=") }
        return Self.withoutPort(Self.trimmed((pair ?? "").dropFirst(4)).filter { $0 != "\"" })
      }
    }
    let list = head.value(of: "x-forwarded-for".utf8) ?? ""
    return list.split(separator: ",").map { Self.withoutPort(Self.trimmed($0)) }
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }

  private static func withoutPort(_ text: String) -> String {
    if text.hasPrefix("[") { return String(text.prefix { $0 != "]" }.dropFirst()) }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count == 2 ? String(parts[0]) : text
  }

  private static func network(_ text: String) throws -> Network {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let address = IPAddress(parts[0]) else { throw BadNetwork(text: text) }
    let width = address.isVersion4 ? 32 : 128
    guard let bits = parts.count == 2 ? Int(parts[1]) : width, (0...width).contains(bits) else {
      throw BadNetwork(text: text)
    }
    let all = bits + 128 - width
    return Network(address: address.network(bits: all), bits: all)
  }
}
