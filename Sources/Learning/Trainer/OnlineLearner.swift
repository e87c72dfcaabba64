import Events
import Features
import Ranking

/// The trainer's learner: encoder, FTRL state, and the latest progressive predictions. It goes on from where it stopped.
///
/// A value type: a copy learns the provisional tail and is thrown away.
public struct OnlineLearner: Sendable {
  public internal(set) var encoder: ExampleEncoder
  public internal(set) var ftrl: FTRLLearner
  /// The latest predictions, each made before its example was learnt.
  public internal(set) var recent = PredictionWindow()
  /// What was learnt so far.
  public internal(set) var window: DataWindow?
  /// Id of the last example that was passed, learnt or not: where to go on.
  public internal(set) var cursor: Int64 = 0
  private var coordinates: [UInt32] = []

  /// A learner that has seen nothing.
  ///
  /// - throws: ``LearningError`` when a setting is outside its range.
  public init(
    schema: Schema, settings: FTRLSettings, coordinateCountMax: Int = FeatureIndex.coordinateCountDefault
  ) throws(LearningError) {
    encoder = ExampleEncoder(index: FeatureIndex(schema: schema, coordinateCountMax: coordinateCountMax))
    ftrl = try FTRLLearner(settings: settings)
  }

  init(encoder: ExampleEncoder, ftrl: FTRLLearner) {
    self.encoder = encoder
    self.ftrl = ftrl
  }

  /// Learns a closed example; returns the probability predicted before.
  @discardableResult
  public mutating func learn(_ example: Example) throws(LearningError) -> Double {
    let probability = try step(example, isProvisional: false)
    window.add(example: example.id, time: example.time, label: example.label)
    return probability
  }

  /// Learns an impression with its clicks so far; returns the probability predicted before. For throw-away copies.
  mutating func learnProvisionally(_ example: Example) throws(LearningError) -> Double {
    try step(example, isProvisional: true)
  }

  /// Predicts an example without learning it.
  public mutating func evaluate(_ example: Example) -> Double {
    encode(example)
    return coordinates.withUnsafeBufferPointer { ftrl.predict($0) }
  }

  /// Goes past an example that isn't learnt.
  mutating func skip(to id: Int64) { cursor = max(cursor, id) }

  /// A model of the current weights.
  ///
  /// - throws: ``LearningError/Code/nonFinite`` when a weight is beyond what a model may hold.
  func model(id: String, created: Milliseconds, calibration: Calibration, lineage: Lineage) throws(LearningError)
    -> Model
  {
    do {
      return try encoder.index.model(
        id: id, created: created, weights: ftrl.weights(), offset: ftrl.offset, calibration: calibration,
        lineage: lineage.json)
    } catch {
      throw LearningError(.nonFinite, "no model can be made of the weights: \(error)")
    }
  }

  private mutating func step(_ example: Example, isProvisional: Bool) throws(LearningError) -> Double {
    encode(example)
    let probability = try coordinates.withUnsafeBufferPointer { coordinates throws(LearningError) in
      try ftrl.learn(coordinates, label: example.label)
    }
    recent.append(
      .init(
        example: example.id, probability: probability, label: example.label, isProvisional: isProvisional))
    return probability
  }

  private mutating func encode(_ example: Example) {
    encoder.encode(
      contextText: example.contextText, attributesText: example.attributesText, slot: example.slot, into: &coordinates)
  }
}
