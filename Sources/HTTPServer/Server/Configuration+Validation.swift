extension Configuration {
  /// A setting that makes no sense, and what would.
  public struct Invalid: Error, CustomStringConvertible {
    public let description: String
  }

  /// Throws `Invalid` for the first setting that is out of its range. `Server.init` calls it.
  public func validate() throws {
    try check("port", Double(port), 0...65535)
    if let tlsPort { try check("tlsPort", Double(tlsPort), 0...65535) }
    try check("accessLogShare", accessLogShare, 0...1)
    try check("backlogCount", Double(backlogCount), 1...65535)
    try check("eventLoopCount", Double(eventLoopCount), 0...1024)
    try check("compression.gzipLevel", Double(compression.gzipLevel), 0...9)
    try check("compression.gzipBytesMin", Double(compression.gzipBytesMin), 0...1e12)
    try check("compression.inlineBytesMax", Double(compression.inlineBytesMax), 0...1e12)
    try check("rateLimit.requestsPerSecondMax", rateLimit.requestsPerSecondMax, 0...1e9)
    try check("rateLimit.burstCount", rateLimit.burstCount, 1...1e9)
    try check("rateLimit.clientsMax", Double(rateLimit.clientsMax), 1...1e9)
    try limits.validate()
    try deadlines.validate()
  }

  fileprivate static func check(_ name: String, _ value: Double, _ range: ClosedRange<Double>) throws {
    guard range.contains(value) else {
      throw Invalid(description: "\(name) is \(value); it must be from \(range.lowerBound) to \(range.upperBound)")
    }
  }

  private func check(_ name: String, _ value: Double, _ range: ClosedRange<Double>) throws {
    try Self.check(name, value, range)
  }
}

extension Configuration.Limits {
  fileprivate func validate() throws {
    let values = [
      ("connectionsMax", connectionsMax), ("handshakesMax", handshakesMax),
      ("requestsPerConnectionMax", requestsPerConnectionMax), ("pipelinedRequestsMax", pipelinedRequestsMax),
      ("targetBytesMax", targetBytesMax), ("headerBytesMax", headerBytesMax), ("headerFieldsMax", headerFieldsMax),
      ("bodyBytesMax", bodyBytesMax), ("inflatedBytesMax", inflatedBytesMax),
      ("chunkExtensionBytesMax", chunkExtensionBytesMax), ("bodyBytesTotalMax", bodyBytesTotalMax),
      ("writeBacklogBytesMax", writeBacklogBytesMax), ("writeBacklogBytesTotalMax", writeBacklogBytesTotalMax),
      ("deferredRequestsMax", deferredRequestsMax), ("queueMilliseconds", queueMilliseconds),
      ("retryAfterSeconds", retryAfterSeconds),
    ]
    for (name, value) in values { try Configuration.check("limits.\(name)", Double(value), 1...1e12) }
  }
}

extension Configuration.Deadlines {
  fileprivate func validate() throws {
    let values = [
      ("headerSeconds", headerSeconds), ("bodySeconds", bodySeconds), ("idleSeconds", idleSeconds),
      ("writeSeconds", writeSeconds), ("handshakeSeconds", handshakeSeconds), ("handlerSeconds", handlerSeconds),
      ("lingerSeconds", lingerSeconds),
    ]
    for (name, value) in values { try Configuration.check("deadlines.\(name)", value, 0.001...86_400) }
    try Configuration.check("deadlines.tickMilliseconds", Double(tickMilliseconds), 1...10_000)
  }
}
