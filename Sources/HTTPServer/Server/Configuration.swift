/// Every setting of the server. Sizes are in bytes, times in seconds; the unit stands last in the name.
public struct Configuration: Codable, Sendable, Equatable {
  /// Addresses or names to listen on. `::` alone takes IPv6 and, where the system allows it, IPv4 too.
  public var hosts = ["127.0.0.1"]
  /// 0 picks a free port.
  public var port = 8080
  /// The port for TLS; needs `tls`. 0 picks a free port.
  public var tlsPort: Int?
  /// A unix socket to listen on as well. A socket that a dead server left there is replaced.
  public var unixSocketPath: String?
  /// Lets several processes share a port (SO_REUSEPORT).
  public var reusesPort = false
  /// Connections that the kernel holds for us until they are accepted.
  public var backlogCount = 1024
  /// Threads that serve connections; 0 takes one for each core.
  public var eventLoopCount = 0
  /// Addresses or networks (`10.0.0.0/8`) whose Forwarded and X-Forwarded-For are believed.
  public var trustedProxies: [String] = []
  /// The share of requests that leave a line in the log, from 0 to 1.
  public var accessLogShare = 0.0

  public var limits = Limits()
  public var deadlines = Deadlines()
  public var tls: TLS?
  public var compression = Compression()
  public var cors = CORS()
  public var rateLimit = RateLimit()

  public init() {}
}
