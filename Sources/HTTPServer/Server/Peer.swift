import Glibc

/// The other end of a socket.
struct Peer: Sendable {
  /// Nil for a unix socket.
  let address: IPAddress?
  let text: String

  init(address: IPAddress?, text: String) {
    self.address = address
    self.text = text
  }

  init(_ storage: sockaddr_storage) {
    address = withUnsafeBytes(of: storage) { bytes in
      switch Int32(storage.ss_family) {
      case AF_INET: IPAddress(bytes.load(as: sockaddr_in.self).sin_addr)
      case AF_INET6: IPAddress(bytes.load(as: sockaddr_in6.self).sin6_addr)
      default: nil
      }
    }
    text = address?.text ?? "unix"
  }
}
