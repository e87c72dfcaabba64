import Metrics
import Monitoring

/// Shows how many alerts are active.
final class AlertMetrics {
  private let pending = Gauge(label: "adloop_alerts", dimensions: [("state", "pending")])
  private let firing = Gauge(label: "adloop_alerts", dimensions: [("state", "firing")])
  private let turnedAway = Counter(label: "adloop_alerts_turned_away_total")
  private var turnedAwayCount = 0

  func show(_ book: AlertBook) {
    let active = book.active
    pending.record(active.count { $0.state == .pending })
    firing.record(active.count { $0.state == .firing })
    turnedAway.increment(by: book.turnedAwayCount - turnedAwayCount)
    turnedAwayCount = book.turnedAwayCount
  }
}
