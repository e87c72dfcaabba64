import Dispatch
import HTTPTypes
import Logging
import Synchronization

/// What all connections of a server share.
final class ServerContext: Sendable {
  let configuration: Configuration
  let parserLimits: ParserLimits
  let router: Router
  let logger: Logger
  let metrics: ServerMetrics
  let cors: CORSPolicy
  let clients: ClientAddresses
  let rateLimiter: RateLimiter?
  let bodyBudget: ByteBudget
  let backlogBudget: ByteBudget
  /// The answer to a request that there is no room for.
  let overloadResponse: Response
  let deferredRequests = Atomic(0)
  let turnedAwayCount = Atomic(0)
  let isDraining = Atomic(false)
  /// Signalled when the last connection closes while draining.
  let drained = DispatchSemaphore(value: 0)
  /// Where work of unknown length runs: inflating, and compressing large answers.
  let workers = DispatchQueue(label: "http.workers", qos: .userInitiated, attributes: .concurrent)

  init(configuration: Configuration, router: Router, logger: Logger, metricsPrefix: String) throws {
    try configuration.validate()
    let limits = configuration.limits
    self.configuration = configuration
    parserLimits = ParserLimits(
      targetBytesMax: limits.targetBytesMax, headerBytesMax: limits.headerBytesMax,
      headerFieldsMax: limits.headerFieldsMax, bodyBytesMax: limits.bodyBytesMax,
      chunkExtensionBytesMax: limits.chunkExtensionBytesMax)
    self.router = router
    self.logger = logger
    metrics = ServerMetrics(prefix: metricsPrefix)
    cors = CORSPolicy(configuration.cors)
    clients = try ClientAddresses(trustedProxies: configuration.trustedProxies)
    rateLimiter = configuration.rateLimit.requestsPerSecondMax > 0 ? RateLimiter(configuration.rateLimit) : nil
    bodyBudget = ByteBudget(limit: limits.bodyBytesTotalMax)
    backlogBudget = ByteBudget(limit: limits.writeBacklogBytesTotalMax)
    overloadResponse =
      Problem(
        .serviceUnavailable, detail: "The server is over load. Try again in \(limits.retryAfterSeconds) s.",
        fields: [.retryAfter: "\(limits.retryAfterSeconds)"]
      ).response
  }

  func routeMetrics() -> RouteMetrics {
    RouteMetrics(prefix: metrics.prefix, routes: router.endpoints.map(\.route.name))
  }

  func connectionClosed() {
    metrics.changeConnections(by: -1)
    if metrics.connections == 0, isDraining.load(ordering: .acquiring) { drained.signal() }
  }
}
