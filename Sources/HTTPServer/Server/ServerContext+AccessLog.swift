import HTTPTypes
import Logging

extension ServerContext {
  /// Counts an answer and, for a share of them, writes a line without anything that tells who asked for what.
  func record(_ exchange: Exchange, _ response: Response, on loop: EventLoop) {
    let nanoseconds = Clock.nanoseconds() &- exchange.startNanoseconds
    loop.routeMetrics.record(
      route: exchange.endpoint?.index, code: response.status.code, nanoseconds: nanoseconds)
    guard configuration.accessLogShare > 0, Double.random(in: 0..<1) < configuration.accessLogShare else { return }
    logger.info(
      "request",
      metadata: [
        "route": "\(exchange.endpoint?.route.name ?? "none")",
        "method": "\(exchange.request?.parsed.method.rawValue ?? "none")",
        "status": "\(response.status.code)",
        "duration_us": "\(nanoseconds / 1000)",
        "bytes": "\(response.body.count)",
      ])
  }
}
