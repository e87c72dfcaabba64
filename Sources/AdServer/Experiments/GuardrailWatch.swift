import Events
import Experiments
import GRDB
import Learning
import Logging
import Metrics

/// Stops arms that break a guardrail, with the reason in the history.
struct GuardrailWatch: Sendable {
  private let system: AdSystem
  private let book: ExperimentBook
  private let logger: Logger

  /// Who stops an arm, in the history.
  static let who = "guardrail"

  init(_ system: AdSystem, logger: Logger) {
    self.system = system
    self.logger = logger
    book = ExperimentBook(system)
  }

  /// Looks at every running experiment once, after finishing a change whose process was killed.
  func step() throws {
    try book.recover()
    let check = system.settings.experiments.check
    for experiment in try system.openExperiments().experiments where experiment.status == .running {
      let breaches = try system.store.reader.read { database in
        try check.breaches(of: experiment, metrics: system.metrics.guardrails, in: database)
      }
      for breach in breaches { try stop(breach, experiment.name) }
    }
  }

  private func stop(_ breach: GuardrailBreach, _ experiment: String) throws {
    do {
      try book.take(.stopArm(breach.arm), of: experiment, .init(who: Self.who, why: breach.reason))
      Counter(label: "adloop_guardrail_stops_total", dimensions: [("metric", breach.metric)]).increment()
      logger.warning("arm \(breach.arm) of experiment \(experiment) is stopped: \(breach.reason)")
    } catch let error as ExperimentError {
      // Somebody stopped it meanwhile.
      logger.notice("arm \(breach.arm) of experiment \(experiment) isn't stopped: \(error)")
    }
  }
}
