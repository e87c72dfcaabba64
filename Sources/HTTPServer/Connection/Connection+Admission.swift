import HTTPTypes
import Logging
import Synchronization

/// What can be answered before the body is read.
extension Connection {
  /// Finds the route and returns the answer of a request that is refused already; nil lets it go on.
  func admit(_ exchange: inout Exchange) -> Response? {
    guard var request = exchange.request else { return nil }
    let destination = context.router.destination(request.parsed)
    if case .endpoint(let endpoint, let resource, let parameters) = destination {
      request.parameters = parameters
      exchange.request = request
      exchange.endpoint = endpoint
      exchange.resource = resource
      if !endpoint.route.isAlwaysServed, let shed = shed(exchange, request) { return shed }
      return refusal {
        for middleware in context.router.middleware { try middleware.admit(request, endpoint.route) }
        try checkBody(request, endpoint.route)
      }
    }
    return shed(exchange, request) ?? answerWithoutRoute(destination, request, &exchange)
  }

  private func answerWithoutRoute(
    _ destination: Router.Destination, _ request: Request, _ exchange: inout Exchange
  ) -> Response {
    if case .options(let resource) = destination {
      exchange.resource = resource
      return context.cors.options(resource, for: request)
    }
    let refusal = refusal { for middleware in context.router.middleware { try middleware.admit(request, nil) } }
    if case .methodNotAllowed(let resource) = destination {
      exchange.resource = resource
      return refusal
        ?? Problem(
          .methodNotAllowed, detail: "This resource takes \(resource.allow).", fields: [.allow: resource.allow]
        ).response
    }
    if let refusal { return refusal }
    var response = Problem.nothingHere.response
    context.cors.decorate(&response.fields, for: request)
    return response
  }

  /// Over load, an early and cheap answer is better than a late one.
  private func shed(_ exchange: Exchange, _ request: Request) -> Response? {
    let limits = context.configuration.limits
    if exchange.startNanoseconds &- loop.batchNanoseconds > UInt64(limits.queueMilliseconds) * 1_000_000 {
      context.metrics.count(.queue)
      return context.overloadResponse
    }
    if context.deferredRequests.load(ordering: .relaxed) >= limits.deferredRequestsMax {
      context.metrics.count(.deferredRequests)
      return context.overloadResponse
    }
    if let wait = context.rateLimiter?.take(request.peerAddress, at: exchange.startNanoseconds) {
      context.metrics.count(.rateLimit)
      return Problem(
        .tooManyRequests, detail: "Too many requests. Try again in \(wait) s.", fields: [.retryAfter: "\(wait)"]
      ).response
    }
    return nil
  }

  /// The answer that the checks come to; nil when they pass.
  private func refusal(_ checks: () throws -> Void) -> Response? {
    do {
      try checks()
      return nil
    } catch let problem as Problem {
      return problem.response
    } catch {
      context.logger.error("a middleware failed", metadata: ["error": "\(type(of: error))"])
      return Problem(.internalServerError, detail: "The server failed. Try again later.").response
    }
  }

  private func checkBody(_ request: Request, _ route: Route) throws(Problem) {
    if !route.accepts.isEmpty {
      guard request.parsed.framing != .none else {
        throw Problem(.lengthRequired, detail: "A body is needed, with Content-Length or chunked.")
      }
      guard request.contentType.map(route.accepts.contains) ?? true else {
        throw Problem(
          .unsupportedMediaType, detail: "The body may be \(route.accepts.joined(separator: ", ")).",
          fields: [.accept: route.accepts.joined(separator: ", ")])
      }
    }
    guard request.isCompressed || request.hasPlainBody else {
      throw Problem(
        .unsupportedMediaType, detail: "The only content coding of a body is gzip.", fields: [.acceptEncoding: "gzip"])
    }
  }
}
