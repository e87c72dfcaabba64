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
    for ad in decision.ads { predicted.record(ad.ctr) }
    if decision.fallback != nil { fallbacks.increment() }
  }

  func countUnknownFields(_ count: Int) {
    if count > 0 { unknownFields.increment(by: count) }
  }
}
