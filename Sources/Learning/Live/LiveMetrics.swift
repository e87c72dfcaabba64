import Metrics
import Statistics

/// What ``LiveReview`` found, by the names in /metrics.
struct LiveMetrics: Sendable {
  /// Slots that have a series of their own.
  private static let slotMax = 10

  private let predicted = deciles("adloop_calibration_decile_predicted_ratio")
  private let observed = deciles("adloop_calibration_decile_observed_ratio")
  private let slots = (1...slotMax).map {
    Gauge(label: "adloop_calibration_slot_ratio", dimensions: [("slot", String($0))])
  }
  private let skew = Gauge(label: "adloop_prediction_skew_max")
  private let recomputed = Gauge(label: "adloop_prediction_skew_samples")
  private let shadowDifference = Gauge(label: "adloop_shadow_log_loss_difference")
  private let shadowCount = Gauge(label: "adloop_shadow_examples")
  private let rollbacks = Counter(label: "adloop_rollbacks_total", dimensions: [("reason", "calibration")])
  private let calibrationAge = Gauge(label: "adloop_model_calibration_age_seconds")

  func record(_ findings: LiveReview.Findings) {
    for (place, bin) in findings.deciles.enumerated() where place < predicted.count {
      predicted[place].record(bin.meanPrediction)
      observed[place].record(bin.meanLabel)
    }
    for (slot, sums) in findings.slots where slot <= Self.slotMax && sums.clicks > 0 {
      slots[slot - 1].record(sums.predicted / Double(sums.clicks))
    }
    if findings.recomputedCount > 0 { skew.record(findings.skew) }
    recomputed.record(findings.recomputedCount)
    if let shadow = findings.shadow {
      shadowCount.record(shadow.comparison.exampleCount)
      shadowDifference.record(shadow.comparison.meanDifference)
    }
    if findings.rollback != nil { rollbacks.increment() }
  }

  /// Shows how old the newest example is that the live model's calibration was fitted on.
  func record(calibrationAgeSeconds: Double?) {
    if let calibrationAgeSeconds { calibrationAge.record(calibrationAgeSeconds) }
  }

  private static func deciles(_ label: String) -> [Gauge] {
    (1...10).map { Gauge(label: label, dimensions: [("decile", String($0))]) }
  }
}
