/// Where a server listens.
public struct BoundAddress: Sendable, Equatable, CustomStringConvertible {
  /// Empty for a unix socket.
  public var host: String
  /// The real port, also when 0 was asked for; 0 for a unix socket.
  public var port: Int
  public var isSecure: Bool
  public var unixSocketPath: String?

  public var description: String {
    unixSocketPath.map { "unix:\($0)" } ?? (host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)")
  }
}
