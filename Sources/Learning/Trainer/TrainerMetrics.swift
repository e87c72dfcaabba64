import Metrics

/// What the trainer tells about itself, by the names in /metrics.
struct TrainerMetrics: Sendable {
  private let learnt = Counter(label: "adloop_trainer_examples_total")
  private let probes = Counter(label: "adloop_trainer_probes_total")
  private let success = Gauge(label: "adloop_trainer_last_success_timestamp_seconds")
  private let coordinates = Gauge(label: "adloop_trainer_coordinates")
  private let rejectedFeatures = Gauge(label: "adloop_trainer_rejected_features")
  private let loss = Gauge(label: "adloop_trainer_progressive_log_loss")
  private let duration = Timer(label: "adloop_trainer_step_duration_seconds")
  private let promotions = Counter(label: "adloop_trainer_verdicts_total", dimensions: [("verdict", "accepted")])
  private let refusals: [Gate.Refusal: Counter] = Dictionary(
    uniqueKeysWithValues: Gate.Refusal.allCases.map { refusal in
      (refusal, Counter(label: "adloop_trainer_verdicts_total", dimensions: [("verdict", refusal.rawValue)]))
    })

  func recordProbe() { probes.increment() }

  func record(_ report: TrainerReport, learner: OnlineLearner, seconds: Double, now: Double) {
    learnt.increment(by: report.learntCount)
    success.record(now)
    duration.recordSeconds(seconds)
    coordinates.record(learner.encoder.index.count)
    rejectedFeatures.record(learner.encoder.index.rejectedFeatureCount)
    if report.learntCount > 0, let logLoss = learner.recent.report.logLoss { loss.record(logLoss) }
    guard let verdict = report.verdict else { return }
    if let refusal = verdict.refusal { refusals[refusal]?.increment() } else { promotions.increment() }
  }
}
