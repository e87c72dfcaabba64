import Statistics

/// Logistic regression learnt online by FTRL-Proximal with a rate for each coordinate (``FTRLProximal``).
///
/// The weights of an example are read before it is predicted, then each takes the gradient importance · (p − y). Every
/// feature present has the value 1. A value type: a copy learns on its own.
public struct FTRLLearner: Sendable, Equatable {
  public let settings: FTRLSettings
  /// Added to every sum: log-odds of ``FTRLSettings/priorCTR``.
  public let offset: Double
  private(set) var states: [FTRLProximal.Coordinate]
  private let parameters: Parameters
  private var weightsOfExample: [Double] = []

  /// A learner that has seen nothing.
  ///
  /// - throws: ``LearningError`` when a setting is outside its range.
  public init(settings: FTRLSettings) throws(LearningError) {
    try self.init(settings: settings, states: [])
  }

  /// A learner that goes on from `states`.
  init(settings: FTRLSettings, states: [FTRLProximal.Coordinate]) throws(LearningError) {
    try settings.validate()
    guard states.allSatisfy({ $0.z.isFinite && $0.n.isFinite && $0.n >= 0 }) else {
      throw LearningError(.nonFinite, "the learner's state holds a NaN or infinity; train anew")
    }
    self.settings = settings
    self.states = states
    parameters = Parameters(features: settings.parameters, intercept: settings.interceptParameters)
    offset = Logistic.logit(settings.priorCTR)
  }

  /// Coordinates that were seen so far.
  public var count: Int { states.count }

  /// The weight of a coordinate; 0 for one that was never seen.
  public func weight(_ coordinate: UInt32) -> Double {
    guard coordinate < states.count else { return 0 }
    return states[Int(coordinate)].weight(parameters[coordinate])
  }

  /// The weights of all coordinates, ``offset`` not included.
  public func weights() -> [Double] {
    states.indices.map { weight(UInt32($0)) }
  }

  /// Click probability of an example with these coordinates.
  public func predict(_ example: UnsafeBufferPointer<UInt32>) -> Double {
    Logistic.sigmoid(example.reduce(offset) { $0 + weight($1) })
  }

  /// Learns one example and returns the probability that was predicted before.
  ///
  /// `importance` multiplies its loss: 1/r when it was kept with probability r, 0 to predict only. `score` is added to the
  /// log-odds. Cost: three square roots and three divisions a feature, no allocation.
  ///
  /// - throws: ``LearningError/Code/nonFinite`` when `importance` is negative, NaN or infinite; nothing is learnt then.
  @discardableResult
  public mutating func learn(
    _ example: UnsafeBufferPointer<UInt32>, label: Bool, importance: Double = 1, score: Double = 0
  ) throws(LearningError) -> Double {
    try Self.check(importance: importance)
    reserve(coordinateMax: Int(example.max() ?? 0), featureCountMax: example.count)
    let (parameters, offset) = (parameters, offset + score)
    return states.withUnsafeMutableBufferPointer { states in
      weightsOfExample.withUnsafeMutableBufferPointer { weights in
        guard let states = states.baseAddress, let weights = weights.baseAddress, let first = example.baseAddress else {
          return Logistic.sigmoid(offset)
        }
        return Self.step(
          first, example.count, label: label, importance: importance, parameters, offset: offset, states, weights)
      }
    }
  }

  /// Learns the examples `numbers` one after the other; returns the probability of each before it was learnt.
  ///
  /// - parameter negativeImportance: importance of the examples without click; with click it is 1.
  /// - throws: ``LearningError/Code/nonFinite`` when the importance is negative, NaN or infinite.
  public mutating func learn(
    _ examples: EncodedExamples, _ numbers: some Collection<Int>, negativeImportance: Double = 1
  ) throws(LearningError) -> [Double] {
    try Self.check(importance: negativeImportance)
    reserve(coordinateMax: Int(examples.coordinateMax), featureCountMax: examples.featureCountMax)
    let (parameters, offset) = (parameters, offset)
    return states.withUnsafeMutableBufferPointer { states in
      weightsOfExample.withUnsafeMutableBufferPointer { weights in
        examples.withUnsafePointers { coordinates, starts, labels in
          guard let states = states.baseAddress, let weights = weights.baseAddress else { return [] }
          return numbers.map { number in
            let (start, label) = (starts[number], labels[number])
            return Self.step(
              coordinates + start, starts[number + 1] - start, label: label, importance: label ? 1 : negativeImportance,
              parameters, offset: offset, states, weights)
          }
        }
      }
    }
  }

  /// Predicts one example, then learns it.
  @inline(__always)
  private static func step(
    _ example: UnsafePointer<UInt32>, _ count: Int, label: Bool, importance: Double, _ parameters: Parameters,
    offset: Double, _ states: UnsafeMutablePointer<FTRLProximal.Coordinate>, _ weights: UnsafeMutablePointer<Double>
  ) -> Double {
    var sum = offset
    for position in 0..<count {
      let coordinate = example[position]
      weights[position] = states[Int(coordinate)].weight(parameters[coordinate])
      sum += weights[position]
    }
    let probability = Logistic.sigmoid(sum)
    let gradient = importance * (probability - (label ? 1 : 0))
    for position in 0..<count {
      let coordinate = example[position]
      states[Int(coordinate)].update(gradient: gradient, weight: weights[position], parameters[coordinate])
    }
    return probability
  }

  private static func check(importance: Double) throws(LearningError) {
    guard importance.isFinite, importance >= 0 else {
      throw LearningError(.nonFinite, "an importance weight must be a number of at least 0, but is \(importance)")
    }
  }

  /// The parameters of each coordinate: the intercept's may differ from those of features.
  private struct Parameters: Sendable {
    let features: FTRLProximal.Parameters
    let intercept: FTRLProximal.Parameters

    @inline(__always)
    subscript(coordinate: UInt32) -> FTRLProximal.Parameters {
      coordinate == FeatureIndex.intercept ? intercept : features
    }
  }

  /// Makes room for coordinates up to `coordinateMax`, all at rest, and for the weights of one example.
  private mutating func reserve(coordinateMax: Int, featureCountMax: Int) {
    if coordinateMax >= states.count {
      states.append(contentsOf: repeatElement(FTRLProximal.Coordinate(), count: coordinateMax + 1 - states.count))
    }
    if featureCountMax > weightsOfExample.count {
      weightsOfExample = [Double](repeating: 0, count: featureCountMax)
    }
  }

  public static func == (left: Self, right: Self) -> Bool {
    left.settings == right.settings && left.states == right.states
  }
}
