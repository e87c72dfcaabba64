import Events
import Metrics

/// What the join tells about itself, by the names in /metrics.
struct JoinMetrics: Sendable {
  /// `adloop_join_events_total{kind,fate}`: an orphan that is settled later counts in both fates.
  private let events: [String: [String: Counter]]
  private let examples = Counter(label: "adloop_join_examples_total")
  private let stepDuration = Timer(label: "adloop_join_step_duration_seconds")
  private let lagEvents = Gauge(label: "adloop_join_lag_events")
  private let watermarkLag = Gauge(label: "adloop_join_watermark_lag_seconds")
  private let clickDelay = Timer(label: "adloop_join_click_delay_seconds")
  private let openImpressions = Gauge(label: "adloop_join_open_impressions")
  private let coverage = Gauge(label: "adloop_join_coverage_ratio")
  private let orphans = Gauge(label: "adloop_join_orphan_ratio")
  private let duplicates = Gauge(label: "adloop_join_duplicate_ratio")
  private let lateClicks = Gauge(label: "adloop_join_late_ratio")
  private let invalid = Gauge(label: "adloop_join_invalid_ratio")
  private let violations = Gauge(label: "adloop_join_invariant_violations")

  init() {
    events = Dictionary(
      uniqueKeysWithValues: EventKind.allCases.map { kind in
        let byFate = JoinFate.possible(for: kind).map { fate in
          let dimensions = [("kind", kind.label), ("fate", fate.rawValue)]
          return (fate.rawValue, Counter(label: "adloop_join_events_total", dimensions: dimensions))
        }
        return (kind.label, Dictionary(uniqueKeysWithValues: byFate))
      })
  }

  func record(_ step: JoinStep, nanoseconds: Int64) {
    for (key, count) in step.counts.totals where count > 0 {
      events[key.kind]?[key.fate]?.increment(by: count)
    }
    examples.increment(by: step.exampleCount)
    for delay in step.counts.clickDelays { clickDelay.recordMilliseconds(delay) }
    stepDuration.recordNanoseconds(nanoseconds)
  }

  func record(_ health: JoinHealth, violationCount: Int) {
    lagEvents.record(health.lagEventCount)
    watermarkLag.record(Double(health.watermarkLagMilliseconds) / 1000)
    coverage.record(health.coverage)
    orphans.record(health.orphanRate)
    duplicates.record(health.duplicateRate)
    lateClicks.record(health.lateRate)
    invalid.record(health.invalidRate)
    openImpressions.record(health.openImpressionCount)
    violations.record(violationCount)
  }
}
