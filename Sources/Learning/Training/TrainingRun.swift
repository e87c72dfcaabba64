import Events
import Features
import Locking
import Ranking
import Statistics

/// Training from scratch: the choice of settings where it is asked for, several passes of FTRL-Proximal, and an honest
/// look at what they are worth.
///
/// The quality is measured on held-out examples by a twin trained on the others; the model itself learns from all.
/// Settings and crosses are chosen without the held-out ones. A function of the examples, their order and the settings:
/// the same run gives the same model, bit by bit.
public struct TrainingRun: Sendable {
  /// What a training gives.
  public struct Outcome: Sendable {
    public let model: Model
    public let lineage: Lineage
    /// Settings the model was trained with.
    public let settings: TrainingSettings
    /// Time that choosing them took, and whether it was cut short.
    public let choosing: (seconds: Double, isCutShort: Bool)
    /// What the twin predicts of the held-out examples, by id.
    public let heldOut: [(example: Int64, probability: Double)]
    /// Learnt examples by pass, the twin's included, those of tuning not.
    public let learntCount: Int
    /// Time it took to learn them.
    public let learningSeconds: Double
    /// Coordinates of the model, those of weight 0 included.
    public let coordinateCount: Int
    /// Features left out because the index was full.
    public let rejectedFeatureCount: Int
  }

  public let settings: TrainingSettings
  private let set: TrainingSet
  private let tunedForms: [ModelForm]
  private let progress: @Sendable (Double) -> Void

  /// A run over `set`.
  ///
  /// - parameter tunedForms: when not empty, hyper-parameters are chosen anew, and one of these forms.
  /// - parameter progress: told the share done, in [0, 1], from any thread.
  /// - throws: ``LearningError`` when a setting is outside its range.
  public init(
    _ set: TrainingSet, settings: TrainingSettings, tuning tunedForms: [ModelForm] = [],
    progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) throws(LearningError) {
    try settings.validate()
    self.set = set
    self.settings = settings
    self.tunedForms = tunedForms
    self.progress = progress
  }

  /// Trains a model called `id`.
  ///
  /// - throws: ``LearningError`` when there is nothing to learn from or a number gets out of hand.
  public func run(id: String, created: Milliseconds, parent: String? = nil) throws(LearningError) -> Outcome {
    guard set.count > 0 else {
      throw LearningError(
        .noExamples, "the store has no examples with a known label; import history or wait for the join, then train")
    }
    let (training, heldOut) = set.split(settings)
    let measures = settings.holdOutShare > 0 && !training.isEmpty && !heldOut.isEmpty
    let choice = try choose(measures ? training : Array(0..<set.count))
    var lineage = Lineage(origin: .training)
    lineage.window = set.window
    lineage.passCount = choice.settings.passCount
    lineage.model = choice.settings.model
    lineage.parent = parent
    if !choice.crosses.isEmpty { lineage.crosses = choice.crosses }
    if !choice.trials.isEmpty { lineage.tuning = choice.trials }
    let (index, examples) = try set.columns.encoded(adding: choice.crosses, choice.settings)
    let fitting = Fit(columns: set.columns, index: index, examples: examples, settings: choice.settings)
    let clock = ContinuousClock()
    let start = clock.now
    let numbers = [Array(0..<set.count)] + (measures ? [training] : [])
    let fits = try fit(numbers, fitting)
    let seconds = (clock.now - start) / .seconds(1)
    let predictions = measures ? fits[1].predictions(heldOut, of: examples) : []
    if measures { lineage.holdOut = report(heldOut, predictions) }
    lineage.settings = fits[0].settings
    lineage.progressive = report(fits[0].progressive.map(\.number), fits[0].progressive.map(\.probability))
    do {
      return Outcome(
        model: try index.model(
          id: id, created: created, declared: set.schema, weights: fits[0].weights, factors: fits[0].factors,
          offset: fits[0].offset, calibration: .identity, lineage: lineage.json),
        lineage: lineage, settings: choice.settings, choosing: (choice.seconds, choice.isCutShort),
        heldOut: zip(heldOut, predictions).map { (set.columns.ids[$0], $1) },
        learntCount: choice.settings.passCount * numbers.reduce(0) { $0 + $1.count }, learningSeconds: seconds,
        coordinateCount: index.count, rejectedFeatureCount: index.rejectedFeatureCount)
    } catch {
      throw LearningError(.nonFinite, "no model can be made of the weights: \(error)")
    }
  }

  /// Settings and crosses, chosen with the examples `numbers`.
  private func choose(_ numbers: [Int]) throws(LearningError) -> Tuner.Outcome {
    if !tunedForms.isEmpty {
      var tuner = Tuner(
        set.columns, numbers, settings: settings, forms: tunedForms, progress: { progress($0 * Self.choiceShare) })
      return try tuner.run()
    }
    guard settings.model == .ftrlCrosses else { return Tuner.Outcome(settings: settings) }
    let validation = CrossValidation(numbers.suffix(Tuner.exampleCountMax), seed: settings.seed)
    var triedCount = 0
    let crosses = try CrossSearch(set.columns, validation: validation, settings: settings).run { _, _, _ in
      triedCount += 1
      progress(Self.choiceShare * min(Double(triedCount) / Double(settings.crossCountMax + 1), 1))
    }
    return Tuner.Outcome(settings: settings, crosses: crosses)
  }

  /// Share of the progress bar that choosing takes.
  private static let choiceShare = 0.9

  /// Fits for each of several selections of examples, at once.
  private func fit(_ selections: [[Int]], _ fit: Fit) throws(LearningError) -> [AveragedWeights] {
    let total = Double(fit.settings.passCount * selections.reduce(0) { $0 + $1.count })
    let first = tunedForms.isEmpty && fit.settings.model != .ftrlCrosses ? 0 : Self.choiceShare
    let learnt = Locked(0)
    return try parallel(selections) { numbers throws(LearningError) in
      try fit.weights(learning: numbers) { count in
        let done = learnt.withLock {
          $0 += count
          return $0
        }
        progress(first + (1 - first) * min(Double(done) / total, 1))
      }
    }
  }

  private func report(_ numbers: [Int], _ predictions: [Double]) -> EvaluationReport {
    EvaluationReport(labels: numbers.map { set.columns.labels[$0] }, predictions: predictions)
  }
}
