import Events
import Metrics

/// What /rank counts. Handles are made once; counting takes no lock.
struct RankMetrics: Sendable {
  private let full = Counter(label: "adloop_rank_decisions_total", dimensions: [("fill", "full")])
  private let partial = Counter(label: "adloop_rank_decisions_total", dimensions: [("fill", "partial")])
  private let empty = Counter(label: "adloop_rank_decisions_total", dimensions: [("fill", "empty")])
  private let duration = Timer(label: "adloop_rank_duration_seconds")
  private let scanned = Recorder(label: "adloop_rank_scanned_ads")
  private let predicted = Recorder(label: "adloop_rank_predicted_ctr")
  private let unknownFields = Counter(label: "adloop_rank_unknown_fields_total")
  private let fallbacks = Counter(label: "adloop_rank_fallbacks_total")

  func count(_ decision: Decision, nanoseconds: Int64) {
    switch decision.ads.count {
    case 0: empty.increment()
    case decision.slots...: full.increment()
    default: partial.increment()
    }
    duration.recordNanoseconds(nanoseconds)
    scanned.record(decision.scanned)
    for ad in decision.ads { predicted.record(ad.served.ctr) }
    if decision.fallback != nil { fallbacks.increment() }
  }

  func countUnknownFields(_ count: Int) {
    if count > 0 { unknownFields.increment(by: count) }
  }
}

/// What /log, /click and /pixel count beyond the events that the log itself counts.
struct IntakeMetrics: Sendable {
  private let rejected = Counter(label: "adloop_events_rejected_total")
  private let unloggedClicks = Counter(label: "adloop_clicks_unlogged_total")

  func countRejected() { rejected.increment() }
  func countUnloggedClick() { unloggedClicks.increment() }
}
