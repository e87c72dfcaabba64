import AdServer
import ArgumentParser
import Events
import Foundation
import Learning
import Locking
import Ranking

/// `adloop train`: a model from all examples of the store.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a model from scratch on all examples, and register it.",
    discussion: """
      Hyper-parameters come from the settings (section training) unless given here, or are chosen from the data with \
      --tune. The model goes live when the gate agrees (enough examples, calibrated on held-out ones, a sound file), or \
      with --promote in any case.

      Models:
        ftrl          fields and crosses of the features file, by FTRL-Proximal
        ftrl+crosses  and more crosses, chosen by what they gain on examples that weren't learnt
        fm            and vectors of context and ad values, whose products are written out as crosses
      """)

  @OptionGroup var system: SystemOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "Kind of model; with --tune the best of all unless given.")
  var model: ModelForm?

  @Flag(help: "Choose the hyper-parameters, from those given here on, by the loss on examples that weren't learnt.")
  var tune = false

  @Option(help: "Learning rate of a coordinate at the start.")
  var alpha: Double?

  @Option(help: "Damps the first steps.")
  var beta: Double?

  @Option(help: "Strength of the absolute penalty.")
  var l1: Double?

  @Option(help: "Strength of the square penalty.")
  var l2: Double?

  @Option(help: "Passes over the examples.")
  var passes: Int?

  @Option(help: "Share of the examples that are held out to measure quality.")
  var holdOut: Double?

  @Flag(inversion: .prefixedNo, help: "Go through the examples in random order.")
  var shuffle: Bool?

  @Flag(inversion: .prefixedNo, help: "Let rare and new values share a weight for what they have in common.")
  var frequencyWeights: Bool?

  @Option(help: "Seconds that --tune may take; the best settings by then are taken.")
  var tuneSeconds: Double?

  @Flag(help: "Penalise the intercept like any weight and start it at 0, as reference implementations do.")
  var penaliseIntercept = false

  @Flag(help: "Let the model serve without asking the gate.")
  var promote = false

  func run() throws {
    let opened = try system.caughtUp()
    let settings = settings(opened.settings.training)
    let bar = Locked(ProgressBar("train"))
    let set = try TrainingSet(
      schema: opened.schema, store: opened.store, countMax: settings.exampleCountMax,
      faulty: opened.registry.faultyStretches)
    let run = try TrainingRun(set, settings: settings, tuning: tune ? model.map { [$0] } ?? ModelForm.allCases : []) {
      share in bar.withLock { $0.update(Int(share * 1000), of: 1000) }
    }
    let now = WallClock.now()
    let outcome = try run.run(
      id: opened.registry.freshID(now), created: now, parent: opened.registry.current?.model)
    bar.withLock { $0.finish() }
    let deployed = try opened.registry.deploy(
      outcome, gate: Gate(opened.settings.trainer.gate), health: opened.joiner.health(), who: Self.name)
    if promote { try opened.registry.promote(deployed.record.id, reason: "promoted by hand", who: Self.name) }
    let summary = TrainingSummary(record: try opened.registry.record(deployed.record.id), outcome: outcome)
    try output.show(summary, text: summary.text)
    output.hint(
      summary.state == .live
        ? "\(summary.model) serves now. next: adloop evaluate"
        : "\(summary.model) stays a candidate: \(summary.reason). next: adloop models promote \(summary.model)")
  }

  /// Who deploys, in the history of models.
  private static let name = "train"

  private func settings(_ base: TrainingSettings) -> TrainingSettings {
    var settings = base
    settings.model = model ?? settings.model
    settings.ftrl.alpha = alpha ?? settings.ftrl.alpha
    settings.ftrl.beta = beta ?? settings.ftrl.beta
    settings.ftrl.l1 = l1 ?? settings.ftrl.l1
    settings.ftrl.l2 = l2 ?? settings.ftrl.l2
    settings.passCount = passes ?? settings.passCount
    settings.holdOutShare = holdOut ?? settings.holdOutShare
    settings.shuffles = shuffle ?? settings.shuffles
    settings.sharesFrequencyWeights = frequencyWeights ?? settings.sharesFrequencyWeights
    settings.tuningSecondsMax = tuneSeconds ?? settings.tuningSecondsMax
    if penaliseIntercept { settings.ftrl.penalizesIntercept = true }
    return settings
  }
}

extension ModelForm: ExpressibleByArgument {}

/// What a training gave.
private struct TrainingSummary: Encodable {
  var model: String
  var state: ModelRecord.State
  /// The gate's words, or a person's.
  var reason: String
  var examples: Int
  var coordinates: Int
  var rejectedFeatures: Int
  /// Settings the model was trained with.
  var settings: TrainingSettings
  /// Crosses that were chosen beyond those of the features file.
  var crosses: [[String]]
  /// What was tried to choose the settings.
  var tuning: [TuningTrial]
  /// Time that choosing them took.
  var tuningSeconds: Double
  /// Whether ``TrainingSettings/tuningSecondsMax`` ended it before all was tried.
  var tuningWasCutShort: Bool
  /// Learnt examples a second, twin and passes included, reading and encoding not.
  var examplesPerSecond: Double
  /// Predictions made before each example was learnt, in the first pass.
  var progressive: EvaluationReport?
  var holdOut: EvaluationReport?

  init(record: ModelRecord, outcome: TrainingRun.Outcome) {
    model = record.id
    state = record.state
    reason = record.reason
    examples = outcome.lineage.window?.exampleCount ?? 0
    coordinates = outcome.coordinateCount
    rejectedFeatures = outcome.rejectedFeatureCount
    settings = outcome.settings
    crosses = outcome.lineage.crosses ?? []
    tuning = outcome.lineage.tuning ?? []
    (tuningSeconds, tuningWasCutShort) = outcome.choosing
    examplesPerSecond = Double(outcome.learntCount) / max(outcome.learningSeconds, 1e-9)
    progressive = outcome.lineage.progressive
    holdOut = outcome.lineage.holdOut
  }

  var text: String {
    var table = TextTable(["measure", "progressive", "hold-out"])
    for (name, value) in QualityTable.measures {
      table.add([name, progressive.map(value) ?? "–", holdOut.map(value) ?? "–"])
    }
    let ftrl = settings.ftrl
    let rate = examplesPerSecond.formatted(decimals: 0)
    return """
      \(tuning.isEmpty ? "" : "\(tuningTable)\n\n")\(model): \(examples) examples, \(coordinates) coordinates, \(rate) \
      learnt/s
      \(settings.model.rawValue), alpha \(ftrl.alpha), beta \(ftrl.beta), l1 \(ftrl.l1), l2 \(ftrl.l2), \
      \(settings.passCount) passes\(settings.sharesFrequencyWeights ? ", frequency weights" : "")\(crosses.isEmpty ? "" : ", crosses \(Self.text(crosses))")

      \(table.text)

      """
  }

  /// The trials, best first.
  private var tuningTable: String {
    var table = TextTable(["model", "alpha", "beta", "l1", "l2", "passes", "frequency", "crosses", "log loss", "NE"])
    for trial in tuning.sorted(by: { $0.logLoss < $1.logLoss }).prefix(Self.shownTrialCountMax) {
      table.add([
        trial.model.rawValue, "\(trial.alpha)", "\(trial.beta)", "\(trial.l1)", "\(trial.l2)", "\(trial.passCount)",
        trial.sharesFrequencyWeights ? "yes" : "–", Self.text(trial.crosses), trial.logLoss.formatted(decimals: 6),
        trial.normalizedEntropy.formatted(decimals: 6),
      ])
    }
    let ending = tuningWasCutShort ? ", then time was up: give it more with --tune-seconds" : ""
    return """
      the best of \(tuning.count) trials, on examples that weren't learnt; they took \(tuningSeconds.formatted(decimals: 1)) s \
      of \(settings.tuningSecondsMax.formatted(decimals: 0)) s at most\(ending)
      \(table.text)
      """
  }

  private static let shownTrialCountMax = 12

  private static func text(_ crosses: [[String]]) -> String {
    crosses.isEmpty ? "–" : crosses.map { $0.joined(separator: "^") }.joined(separator: " ")
  }
}
