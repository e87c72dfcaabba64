import Glibc

/// A socket that is bound and listens.
struct ListeningSocket: Sendable {
  let descriptor: Int32
  let address: BoundAddress

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// - Parameters:
  ///   - isPortShared: sets SO_REUSEPORT.
  ///   - isVersion6Only: leaves IPv4 to other sockets on the same port.
  static func tcp(
    host: String, port: Int, isSecure: Bool, backlogCount: Int, isPortShared: Bool, isVersion6Only: Bool
  ) throws -> ListeningSocket {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_PASSIVE
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, "\(port)", &hints, &list)
    guard status == 0, let info = list?.pointee else {
      throw Failure(description: "the host \(host) can't be found: \(String(cString: gai_strerror(status)))")
    }
    defer { freeaddrinfo(list) }
    let descriptor = try systemCall("socket") {
      socket(info.ai_family, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    }
    do {
      try set(descriptor, SOL_SOCKET, SO_REUSEADDR)
      if isVersion6Only, info.ai_family == AF_INET6 { try set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY) }
      if isPortShared { try set(descriptor, SOL_SOCKET, SO_REUSEPORT) }
      try set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY)
      try systemCall("bind") { bind(descriptor, info.ai_addr, info.ai_addrlen) }
      try systemCall("listen") { listen(descriptor, Int32(clamping: backlogCount)) }
    } catch {
      close(descriptor)
      throw Failure(description: "can't listen on \(host), port \(port): \(error)")
    }
    return ListeningSocket(adopting: descriptor, isSecure: isSecure)
  }

  static func unix(path: String, backlogCount: Int) throws -> ListeningSocket {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8) + [0]
    guard bytes.count <= MemoryLayout.size(ofValue: address.sun_path) else {
      throw Failure(description: "the path of the unix socket is too long: \(path)")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    try removeDeadSocket(path, address)
    let descriptor = try systemCall("socket") { streamSocket() }
    do {
      try systemCall("bind") { withSocketAddress(address) { bind(descriptor, $0, $1) } }
      try systemCall("listen") { listen(descriptor, Int32(clamping: backlogCount)) }
    } catch {
      close(descriptor)
      throw Failure(description: "can't listen on \(path): \(error)")
    }
    return ListeningSocket(adopting: descriptor, isSecure: false)
  }

  /// Takes a socket that listens already.
  init(adopting descriptor: Int32, isSecure: Bool) {
    self.descriptor = descriptor
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    withUnsafeMutablePointer(to: &storage) {
      _ = $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    if Int32(storage.ss_family) == AF_UNIX {
      let path = withUnsafeBytes(of: storage) { String(decoding: $0.dropFirst(2).prefix { $0 != 0 }, as: UTF8.self) }
      address = BoundAddress(host: "", port: 0, isSecure: isSecure, unixSocketPath: path)
    } else {
      let port = withUnsafeBytes(of: storage) { UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self)) }
      address = BoundAddress(host: Peer(storage).text, port: Int(port), isSecure: isSecure)
    }
  }

  private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32) throws {
    var on: Int32 = 1
    try systemCall("setsockopt") { setsockopt(descriptor, level, option, &on, socklen_t(MemoryLayout<Int32>.size)) }
  }

  /// A socket file that nobody answers on was left by a server that died.
  private static func removeDeadSocket(_ path: String, _ address: sockaddr_un) throws {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return }
    let probe = try systemCall("socket") { streamSocket() }
    defer { close(probe) }
    if withSocketAddress(address, { connect(probe, $0, $1) }) < 0, errno == ECONNREFUSED { unlink(path) }
  }

  private static func streamSocket() -> Int32 {
    socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
  }

  private static func withSocketAddress(
    _ address: sockaddr_un, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
    }
  }
}
