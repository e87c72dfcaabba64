import Events
import Experiments
import GRDB
import Learning
import Metrics

/// Shows whether the proxy metric still moves with the business metric. Not thread-safe: one background loop steps it.
final class ProxyWatch {
  private let correlation = Gauge(label: "adloop_proxy_correlation_ratio")
  private let hours = Gauge(label: "adloop_proxy_correlation_hours")
  private var next = Milliseconds.min

  /// Pause between two looks: it changes by the hour.
  private static let pause: Milliseconds = 60_000

  /// Looks again when the last look is a while ago; without a correlation the gauge keeps its last value.
  func step(_ store: Store, now: Milliseconds) throws {
    guard now >= next else { return }
    next = now + Self.pause
    let live = try store.reader.read { try LiveProxy(in: $0) }
    hours.record(live.correlation == nil ? 0 : live.hourCount)
    if let value = live.correlation { correlation.record(value) }
  }
}
