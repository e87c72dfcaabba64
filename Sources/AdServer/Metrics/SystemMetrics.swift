import Catalog
import Events
import Learning
import Metrics
import Ranking

/// What is served at the moment, as gauges.
///
/// Not thread-safe: one background loop steps it.
final class SystemMetrics {
  private let ads = Gauge(label: "adloop_catalog_ads", dimensions: [("status", "active")])
  private let paused = Gauge(label: "adloop_catalog_ads", dimensions: [("status", "paused")])
  private let modelAge = Gauge(label: "adloop_model_age_seconds")
  private let modelWeights = Gauge(label: "adloop_model_weights")
  private let probes = ["join", "example", "evaluation"].map {
    Gauge(label: "adloop_probe_decision_timestamp_seconds", dimensions: [("hop", $0)])
  }
  private var model: (id: String, gauge: Gauge)?

  /// Shows what `snapshot` serves.
  func show(_ snapshot: ServingSnapshot, now: Milliseconds) {
    let plan = snapshot.live
    ads.record(plan.activeCount)
    paused.record(snapshot.catalog.count - plan.activeCount)
    modelAge.record(Double(max(0, now - plan.model.created)) / 1000)
    modelWeights.record(plan.model.weightCount)
    guard model?.id != plan.model.id else { return }
    model?.gauge.destroy()
    let gauge = Gauge(label: "adloop_model_info", dimensions: [("model", plan.model.id)])
    gauge.record(1)
    model = (plan.model.id, gauge)
  }

  /// Shows how far the latest probe has come.
  func show(_ progress: ProbeProgress) {
    for (gauge, time) in zip(probes, [progress.joined, progress.example, progress.evaluated]) {
      gauge.record(Double(time) / 1000)
    }
  }
}
