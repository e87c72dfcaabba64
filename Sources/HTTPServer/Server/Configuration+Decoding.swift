/// Settings that are left out keep their defaults, and a name that isn't known is an error, so a typing mistake shows.
extension Configuration {
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try KnownValues<CodingKeys>(decoder)
    try values.read(.hosts, &hosts)
    try values.read(.port, &port)
    try values.read(.tlsPort, &tlsPort)
    try values.read(.unixSocketPath, &unixSocketPath)
    try values.read(.reusesPort, &reusesPort)
    try values.read(.backlogCount, &backlogCount)
    try values.read(.eventLoopCount, &eventLoopCount)
    try values.read(.trustedProxies, &trustedProxies)
    try values.read(.accessLogShare, &accessLogShare)
    try values.read(.limits, &limits)
    try values.read(.deadlines, &deadlines)
    try values.read(.tls, &tls)
    try values.read(.compression, &compression)
    try values.read(.cors, &cors)
    try values.read(.rateLimit, &rateLimit)
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case hosts, port, tlsPort, unixSocketPath, reusesPort, backlogCount, eventLoopCount, trustedProxies, accessLogShare
    case limits, deadlines, tls, compression, cors, rateLimit
  }
}

extension Configuration.Limits {
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try KnownValues<CodingKeys>(decoder)
    try values.read(.connectionsMax, &connectionsMax)
    try values.read(.handshakesMax, &handshakesMax)
    try values.read(.requestsPerConnectionMax, &requestsPerConnectionMax)
    try values.read(.pipelinedRequestsMax, &pipelinedRequestsMax)
    try values.read(.targetBytesMax, &targetBytesMax)
    try values.read(.headerBytesMax, &headerBytesMax)
    try values.read(.headerFieldsMax, &headerFieldsMax)
    try values.read(.bodyBytesMax, &bodyBytesMax)
    try values.read(.inflatedBytesMax, &inflatedBytesMax)
    try values.read(.chunkExtensionBytesMax, &chunkExtensionBytesMax)
    try values.read(.bodyBytesTotalMax, &bodyBytesTotalMax)
    try values.read(.writeBacklogBytesMax, &writeBacklogBytesMax)
    try values.read(.writeBacklogBytesTotalMax, &writeBacklogBytesTotalMax)
    try values.read(.deferredRequestsMax, &deferredRequestsMax)
    try values.read(.queueMilliseconds, &queueMilliseconds)
    try values.read(.retryAfterSeconds, &retryAfterSeconds)
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case connectionsMax, handshakesMax, requestsPerConnectionMax, pipelinedRequestsMax, targetBytesMax, headerBytesMax
    case headerFieldsMax, bodyBytesMax, inflatedBytesMax, chunkExtensionBytesMax, bodyBytesTotalMax
    case writeBacklogBytesMax, writeBacklogBytesTotalMax, deferredRequestsMax, queueMilliseconds, retryAfterSeconds
  }
}

extension Configuration.Deadlines {
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try KnownValues<CodingKeys>(decoder)
    try values.read(.headerSeconds, &headerSeconds)
    try values.read(.bodySeconds, &bodySeconds)
    try values.read(.idleSeconds, &idleSeconds)
    try values.read(.writeSeconds, &writeSeconds)
    try values.read(.handshakeSeconds, &handshakeSeconds)
    try values.read(.handlerSeconds, &handlerSeconds)
    try values.read(.lingerSeconds, &lingerSeconds)
    try values.read(.tickMilliseconds, &tickMilliseconds)
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case headerSeconds, bodySeconds, idleSeconds, writeSeconds, handshakeSeconds, handlerSeconds, lingerSeconds
    case tickMilliseconds
  }
}

extension Configuration.Compression {
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try KnownValues<CodingKeys>(decoder)
    try values.read(.gzipBytesMin, &gzipBytesMin)
    try values.read(.gzipLevel, &gzipLevel)
    try values.read(.inlineBytesMax, &inlineBytesMax)
  }

  enum CodingKeys: String, CodingKey, CaseIterable { case gzipBytesMin, gzipLevel, inlineBytesMax }
}

extension Configuration.CORS {
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try KnownValues<CodingKeys>(decoder)
    try values.read(.allowedOrigins, &allowedOrigins)
    try values.read(.allowedHeaders, &allowedHeaders)
    try values.read(.maxAgeSeconds, &maxAgeSeconds)
  }

  enum CodingKeys: String, CodingKey, CaseIterable { case allowedOrigins, allowedHeaders, maxAgeSeconds }
}

extension Configuration.RateLimit {
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try KnownValues<CodingKeys>(decoder)
    try values.read(.requestsPerSecondMax, &requestsPerSecondMax)
    try values.read(.burstCount, &burstCount)
    try values.read(.clientsMax, &clientsMax)
  }

  enum CodingKeys: String, CodingKey, CaseIterable { case requestsPerSecondMax, burstCount, clientsMax }
}
