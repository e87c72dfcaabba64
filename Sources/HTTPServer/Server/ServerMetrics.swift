import Metrics
import Synchronization

/// The server's counters and gauges. Label values come from fixed lists, never from clients.
final class ServerMetrics: Sendable {
  /// Why something was turned away.
  enum Refusal: String, CaseIterable {
    case connections, handshakes, handshake, malformed, headerTooLarge = "header_too_large", bodyTooLarge =
      "body_too_large"
    case bodyMemory = "body_memory", writeBacklog = "write_backlog", deferredRequests = "deferred_requests", queue
    case rateLimit = "rate_limit", headerDeadline = "header_deadline", bodyDeadline = "body_deadline"
    case writeDeadline = "write_deadline", handshakeDeadline = "handshake_deadline", handlerDeadline =
      "handler_deadline"
    case requestsPerConnection = "requests_per_connection", descriptors, drain
  }

  let prefix: String
  private let connectionsGauge: Gauge
  private let refused: [Counter]
  private let connectionCount = Atomic(0)

  init(prefix: String) {
    self.prefix = prefix
    connectionsGauge = Gauge(label: "\(prefix)_connections")
    refused = Refusal.allCases.map { Counter(label: "\(prefix)_refused_total", dimensions: [("reason", $0.rawValue)]) }
  }

  var connections: Int { connectionCount.load(ordering: .relaxed) }

  func changeConnections(by change: Int) {
    connectionsGauge.record(connectionCount.add(change, ordering: .relaxed).newValue)
  }

  func count(_ refusal: Refusal) {
    refused[Refusal.allCases.firstIndex(of: refusal)!].increment()
  }
}
