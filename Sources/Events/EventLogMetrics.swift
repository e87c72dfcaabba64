import Metrics

/// What the log tells about itself, by the names in /metrics.
struct EventLogMetrics: Sendable {
  /// What became of an event, as a label.
  enum Fate: String, CaseIterable {
    case stored, duplicate, busy, failed
  }

  /// `adloop_events_total{kind,fate}`.
  private let events: [EventKind: [Fate: Counter]]
  /// Bytes that wait for the disk.
  let queueBytes = Gauge(label: "adloop_event_queue_bytes")
  /// Events of one commit.
  let commitEvents = Recorder(label: "adloop_event_commit_events")
  /// From the call to durable.
  let appendDuration = Timer(label: "adloop_event_append_duration_seconds")

  init() {
    events = Self.byCase(of: EventKind.self, except: [.unreadable]) { kind in
      Self.byCase(of: Fate.self) { fate in
        Counter(
          label: "adloop_events_total", dimensions: [("kind", kind.label), ("fate", fate.rawValue)])
      }
    }
  }

  func count(_ entries: some Sequence<EventEntry>, fate: Fate) {
    var counts: [EventKind: Int] = [:]
    for entry in entries { counts[entry.kind, default: 0] += 1 }
    for (kind, count) in counts { events[kind]?[fate]?.increment(by: count) }
  }

  private static func byCase<Case: CaseIterable & Hashable, Value>(
    of type: Case.Type, except left: [Case] = [], _ value: (Case) -> Value
  ) -> [Case: Value] {
    Dictionary(
      uniqueKeysWithValues: Case.allCases.filter { !left.contains($0) }.map { ($0, value($0)) })
  }
}
