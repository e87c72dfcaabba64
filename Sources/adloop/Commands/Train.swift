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
      Hyper-parameters come from the settings (section training) unless given here. The model goes live when it beats \
      the live one on held-out examples, or with --promote in any case.
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

  @Flag(help: "Penalise the intercept like any weight, as reference implementations do.")
  var penaliseIntercept = false

  @Flag(help: "Let the model serve without asking the gate.")
  var promote = false

  func run() throws {
    let opened = try system.system()
    try opened.catchUp()
    var bar = ProgressBar("train")
    var set = TrainingSet(schema: opened.schema)
    try opened.store.forEachExample(after: 0, traffic: [.live, .history]) { set.append($0) }
    let run = try TrainingRun(set, settings: settings(opened.settings.training)) { share in
      bar.update(Int(share * 1000), of: 1000)
    }
    let now = WallClock.now()
    let outcome = try run.run(
      id: opened.registry.freshID(now), created: now, parent: opened.registry.current?.model)
    bar.finish()
    let record = try opened.registry.register(outcome.model, metrics: outcome.lineage.holdOut)
    let summary = TrainingSummary(record: record, outcome: outcome)
    let isBetter = try promote || beatsCurrent(opened, outcome)
    if isBetter {
      try opened.registry.promote(
        record.id, reason: promote ? "promoted by hand" : "better on held-out examples", who: "train")
    }
    try output.show(summary, text: summary.text)
    output.hint(
      isBetter
        ? "\(record.id) serves now. next: adloop evaluate"
        : "\(record.id) stays a candidate: it isn't better on held-out examples. next: adloop models promote \(record.id)"
    )
  }

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

  /// Whether the new model's hold-out entropy is below that of the live model, which has none when it was only a start.
  private func beatsCurrent(_ system: AdSystem, _ outcome: TrainingRun.Outcome) throws -> Bool {
    guard let current = system.registry.current?.model else { return true }
    let live = try system.registry.record(current).metrics?.logLoss ?? .infinity
    return (outcome.lineage.holdOut?.logLoss ?? .infinity) < live
  }
}

/// What a training gave.
private struct TrainingSummary: Encodable {
  var model: String
  var examples: Int
  var coordinates: Int
  var rejectedFeatures: Int
  /// Predictions made before each example was learnt, in the first pass.
  var progressive: EvaluationReport?
  var holdOut: EvaluationReport?

  init(record: ModelRecord, outcome: TrainingRun.Outcome) {
    model = record.id
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
