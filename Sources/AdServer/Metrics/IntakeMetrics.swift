import Events
import Metrics

/// What /log, /click and /pixel count beyond the events that the log itself counts.
struct IntakeMetrics: Sendable {
  private let rejected = Dictionary(
    uniqueKeysWithValues: RejectedEvent.Cause.allCases.map {
      ($0, Counter(label: "adloop_events_rejected_total", dimensions: [("reason", $0.rawValue)]))
    })
  private let invalid = Dictionary(
    uniqueKeysWithValues: InvalidReason.allCases.map {
      ($0, Counter(label: "adloop_events_invalid_total", dimensions: [("reason", $0.label)]))
    })
  private let unloggedClicks = Counter(label: "adloop_clicks_unlogged_total")

  func countRejected(_ cause: RejectedEvent.Cause) { rejected[cause]?.increment() }

  /// Counts an event of invalid traffic; others not.
  func countInvalid(_ event: Event) {
    if let reason = event.invalidReason { invalid[reason]?.increment() }
  }

  func countUnloggedClick() { unloggedClicks.increment() }
}
