extension Configuration {
  public struct TLS: Codable, Sendable, Equatable {
    /// PEM: the certificate, then those between it and the root.
    public var certificatePath: String
    /// PEM.
    public var privateKeyPath: String

    public init(certificatePath: String, privateKeyPath: String) {
      self.certificatePath = certificatePath
      self.privateKeyPath = privateKeyPath
    }
  }

  public struct Compression: Codable, Sendable, Equatable {
    /// Smaller answers are sent as they are.
    public var gzipBytesMin = 1024
    /// From 1, quick, to 9, small; 0 turns gzip off.
    public var gzipLevel = 3
    /// Larger answers are compressed off the event loop.
    public var inlineBytesMax = 32 * 1024

    public init() {}
  }

  public struct CORS: Codable, Sendable, Equatable {
    /// Origins that may call the routes marked so; `*` is all.
    public var allowedOrigins = ["*"]
    /// Header fields that those origins may send.
    public var allowedHeaders = ["Content-Type", "Content-Encoding"]
    /// How long a browser may remember a preflight.
    public var maxAgeSeconds = 86_400

    public init() {}
  }

  /// A token bucket for each client address (for IPv6, each /64).
  public struct RateLimit: Codable, Sendable, Equatable {
    /// 0 turns it off.
    public var requestsPerSecondMax = 0.0
    /// Requests that may come at once after a pause.
    public var burstCount = 100.0
    /// Clients that are remembered; beyond it the others share one bucket.
    public var clientsMax = 100_000

    public init() {}
  }
}
