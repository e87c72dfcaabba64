import HTTPServer
import HTTPTypes
import Monitoring

/// `/healthz`, `/readyz` and `/metrics`: for load balancers and operators.
struct HealthRoutes: Sendable {
  private let registry: PrometheusRegistry
  private let readiness: @Sendable () -> [Readiness]

  /// One part that must work before traffic is welcome.
  struct Readiness: Sendable {
    var name: String
    /// Why it isn't ready, or `nil`.
    var reason: String?
  }

  init(registry: PrometheusRegistry, readiness: @escaping @Sendable () -> [Readiness]) {
    self.registry = registry
    self.readiness = readiness
  }

  var routes: [Route] {
    let alive = Response.text("ok\n")
    return [
      Route(
        .get, "/healthz", name: "healthz", isAlwaysServed: true, documentation: .health,
        handler: .immediate { _ in alive }),
      Route(.get, "/readyz", name: "readyz", isAlwaysServed: true, documentation: .ready, handler: .immediate(ready)),
      Route(
        .get, "/metrics", name: "metrics", isAlwaysServed: true, documentation: .metrics, handler: .immediate(metrics)),
    ]
  }

  private func ready(_ request: Request) -> Response {
    let parts = readiness()
    let isReady = parts.allSatisfy { $0.reason == nil }
    var json = JSONWriter()
    json.object { json in
      json.key("ready")
      json.value(isReady)
      for part in parts { json.member(named: part.name, part.reason ?? "ok") }
    }
    return .json(json.bytes, status: isReady ? .ok : .serviceUnavailable)
  }

  private func metrics(_ request: Request) -> Response {
    let format = Exposition.negotiate(accept: request.field(.accept))
    return Response(
      status: .ok, fields: [.contentType: format.contentType], body: registry.exposition(format))
  }
}
