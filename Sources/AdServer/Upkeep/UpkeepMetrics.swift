import Events
import Metrics

/// What upkeep tells about itself, by the names in /metrics.
struct UpkeepMetrics: Sendable {
  private let bytes: [String: Gauge] = Dictionary(
    uniqueKeysWithValues: SystemSize.parts.map { ($0, Gauge(label: "adloop_store_bytes", dimensions: [("part", $0)])) })
  private let free = Gauge(label: "adloop_store_free_bytes")
  private let archived = Counter(label: "adloop_archived_events_total")
  private let deleted = Counter(label: "adloop_deleted_events_total")

  func record(_ report: UpkeepReport) {
    for (part, count) in report.size.byteCounts { bytes[part]?.record(count) }
    free.record(report.size.freeByteCount)
    archived.increment(by: report.archived.reduce(0) { $0 + $1.eventCount })
    deleted.increment(by: report.deleted.reduce(0) { $0 + $1.eventCount })
  }
}
