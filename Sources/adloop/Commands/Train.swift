import AdServer
import ArgumentParser
import Events
import Foundation
import Learning
import Ranking

/// `adloop train`: a model from all examples of the store.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a model from scratch on all examples, and register it.",
    discussion: """
      Hyper-parameters come from the settings (section training) unless given here. The model goes live when the gate \
      agrees (enough examples, calibrated on held-out ones, a sound file), or with --promote in any case.
      """)

  @OptionGroup var system: SystemOptions
  @OptionGroup var output: OutputOptions

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

  @Flag(help: "Penalise the intercept like any weight and start it at 0, as reference implementations do.")
  var penaliseIntercept = false

  @Flag(help: "Let the model serve without asking the gate.")
  var promote = false

  func run() throws {
    let opened = try system.caughtUp()
    let settings = settings(opened.settings.training)
    var bar = ProgressBar("train")
    let set = try TrainingSet(schema: opened.schema, store: opened.store, countMax: settings.exampleCountMax)
    let run = try TrainingRun(set, settings: settings) { share in bar.update(Int(share * 1000), of: 1000) }
    let now = WallClock.now()
    let outcome = try run.run(
      id: opened.registry.freshID(now), created: now, parent: opened.registry.current?.model)
    bar.finish()
    let deployed = try opened.registry.deploy(outcome, gate: Gate(opened.settings.trainer.gate), who: Self.name)
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
    settings.ftrl.alpha = alpha ?? settings.ftrl.alpha
    settings.ftrl.beta = beta ?? settings.ftrl.beta
    settings.ftrl.l1 = l1 ?? settings.ftrl.l1
    settings.ftrl.l2 = l2 ?? settings.ftrl.l2
    settings.passCount = passes ?? settings.passCount
    settings.holdOutShare = holdOut ?? settings.holdOutShare
    settings.shuffles = shuffle ?? settings.shuffles
    if penaliseIntercept { settings.ftrl.penalizesIntercept = true }
    return settings
  }
}

/// What a training gave.
private struct TrainingSummary: Encodable {
  var model: String
  var state: ModelRecord.State
  /// The gate's words, or a person's.
  var reason: String
  var examples: Int
  var coordinates: Int
  var rejectedFeatures: Int
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
    progressive = outcome.lineage.progressive
    holdOut = outcome.lineage.holdOut
  }

  var text: String {
    var table = TextTable(["measure", "progressive", "hold-out"])
    for (name, value) in QualityTable.measures {
      table.add([name, progressive.map(value) ?? "–", holdOut.map(value) ?? "–"])
    }
    return "\(model): \(examples) examples, \(coordinates) coordinates\n\n\(table.text)\n"
  }
}
