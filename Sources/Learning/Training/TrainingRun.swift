import Events
import Features
import Ranking
import Statistics

/// Training from scratch: several passes of FTRL-Proximal, and an honest look at what they are worth.
///
/// The quality is measured on held-out examples by a twin trained on the others; the model itself learns from all.
/// A function of the examples, their order and the settings: the same run gives the same model, bit by bit.
public struct TrainingRun {
  /// What a training gives.
  public struct Outcome: Sendable {
    public let model: Model
    public let lineage: Lineage
    /// Learnt example by pass, the twin's included.
    public let learntCount: Int
    /// Coordinates of the model, those of weight 0 included.
    public let coordinateCount: Int
    /// Features left out because the index was full.
    public let rejectedFeatureCount: Int
  }

  public let settings: TrainingSettings
  private let set: TrainingSet
  private let progress: (Double) -> Void

  /// A run over `set`; `progress` is told the share done, in [0, 1], after each pass.
  ///
  /// - throws: ``LearningError`` when a setting is outside its range.
  public init(
    _ set: TrainingSet, settings: TrainingSettings, progress: @escaping (Double) -> Void = { _ in }
  ) throws(LearningError) {
    try settings.validate()
    self.set = set
    self.settings = settings
    self.progress = progress
  }

  /// Trains a model called `id`.
  ///
  /// - throws: ``LearningError`` when there is nothing to learn from or a number gets out of hand.
  public func run(id: String, created: Milliseconds, parent: String? = nil) throws(LearningError) -> Outcome {
    guard set.examples.count > 0 else {
      throw LearningError(
        .noExamples, "the store has no examples with a known label; import history or wait for the join, then train")
    }
    let (training, heldOut) = set.split(settings)
    let measures = settings.holdOutShare > 0 && !training.isEmpty && !heldOut.isEmpty
    var lineage = Lineage(origin: .training)
    lineage.window = set.window
    lineage.passCount = settings.passCount
    lineage.parent = parent
    if measures {
      let twin = try fit(training, shares: 0..<0.5)
      lineage.holdOut = report(heldOut, twin.predictions(heldOut, of: set.examples))
    }
    let all = try fit(Array(0..<set.examples.count), shares: (measures ? 0.5 : 0)..<1)
    lineage.settings = all.settings
    lineage.progressive = report(all.progressive.map(\.number), all.progressive.map(\.probability))
    let index = set.encoder.index
    do {
      return Outcome(
        model: try index.model(
          id: id, created: created, weights: all.weights, offset: all.offset, calibration: .identity,
          lineage: lineage.json),
        lineage: lineage,
        learntCount: settings.passCount * (set.examples.count + (measures ? training.count : 0)),
        coordinateCount: index.count, rejectedFeatureCount: index.rejectedFeatureCount)
    } catch {
      throw LearningError(.nonFinite, "no model can be made of the weights: \(error)")
    }
  }

  private func report(_ numbers: [Int], _ predictions: [Double]) -> EvaluationReport {
    EvaluationReport(labels: numbers.map { set.examples.labels[$0] }, predictions: predictions)
  }

  /// Learns the examples `numbers`; the mean of the weights at the points of ``TrainingSettings/partCount``.
  private func fit(_ numbers: [Int], shares: Range<Double>) throws(LearningError) -> AveragedWeights {
    var ftrl = settings.ftrl
    ftrl.l2 *= Double(settings.passCount)
    ftrl.priorCTR = ftrl.penalizesIntercept ? 0.5 : priorCTR(numbers)
    var learner = try FTRLLearner(settings: ftrl)
    var generator = SeededGenerator(seed: settings.seed)
    var fitted = AveragedWeights(settings: ftrl, offset: learner.offset, count: set.encoder.index.count)
    var order = numbers
    let partCount = settings.partCount
    let pointCount = settings.passCount * partCount
    for point in 0..<pointCount {
      let part = point % partCount
      if part == 0 && settings.shuffles { order.shuffle(using: &generator) }
      let numbers = order[part * order.count / partCount..<(part + 1) * order.count / partCount]
      let predictions = try learner.learn(set.examples, numbers)
      if point < partCount { fitted.progressive += zip(numbers, predictions).map { ($0, $1) } }
      fitted.add(learner, count: pointCount)
      progress(shares.lowerBound + (shares.upperBound - shares.lowerBound) * Double(point + 1) / Double(pointCount))
    }
    return fitted
  }

  /// Share of clicks among examples, drawn a little towards one half so that it is inside (0, 1).
  private func priorCTR(_ numbers: [Int]) -> Double {
    (Double(numbers.count { set.examples.labels[$0] }) + 0.5) / (Double(numbers.count) + 1)
  }
}
