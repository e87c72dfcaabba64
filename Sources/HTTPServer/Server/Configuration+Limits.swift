extension Configuration {
  /// How much of everything there may be. What is turned away is counted in `…_refused_total` by reason.
  public struct Limits: Codable, Sendable, Equatable {
    /// Open connections; further ones get 503 and are closed.
    public var connectionsMax = 20_000
    /// TLS handshakes under way; further connections are closed.
    public var handshakesMax = 1_000
    /// Requests on one connection, then it is closed.
    public var requestsPerConnectionMax = 100_000
    /// Requests of one connection that are answered in one turn or wait for their answer; further ones are not read yet.
    public var pipelinedRequestsMax = 64
    /// The request target (414).
    public var targetBytesMax = 16 * 1024
    /// All header fields, or trailer fields, of a request (431).
    public var headerBytesMax = 64 * 1024
    /// Header fields, or trailer fields, of a request (431).
    public var headerFieldsMax = 128
    /// A body as it arrives (413).
    public var bodyBytesMax = 8 * 1024 * 1024
    /// A body after inflating (413), checked while inflating.
    public var inflatedBytesMax = 32 * 1024 * 1024
    /// The extensions of one chunk (400).
    public var chunkExtensionBytesMax = 1024
    /// The bodies of all requests that are being read or answered (503).
    public var bodyBytesTotalMax = 256 * 1024 * 1024
    /// Answers of one connection that its client hasn't taken; beyond it no further request is read.
    public var writeBacklogBytesMax = 1024 * 1024
    /// The same of all connections; beyond it a connection that is blocked is closed.
    public var writeBacklogBytesTotalMax = 256 * 1024 * 1024
    /// Requests waiting for the answer of a deferred handler (503).
    public var deferredRequestsMax = 10_000
    /// A request that has waited longer than this for its turn gets 503.
    public var queueMilliseconds = 1_000
    /// What Retry-After asks for when the server is over load.
    public var retryAfterSeconds = 1

    public init() {}
  }

  /// How long the server waits for whom.
  public struct Deadlines: Codable, Sendable, Equatable {
    /// For the whole head of a request, from its first byte or from the connection's start (408).
    public var headerSeconds = 10.0
    /// For the whole body (408).
    public var bodySeconds = 60.0
    /// Between two requests of a connection.
    public var idleSeconds = 60.0
    /// For a client to take the answers that are ready.
    public var writeSeconds = 30.0
    /// For a TLS handshake.
    public var handshakeSeconds = 10.0
    /// For a deferred handler (503).
    public var handlerSeconds = 60.0
    /// For a client to read our last answer and close, while what it still sends is thrown away.
    public var lingerSeconds = 2.0
    /// The grain of all deadlines.
    public var tickMilliseconds = 100

    public init() {}
  }
}
