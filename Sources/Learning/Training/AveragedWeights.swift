import Statistics

/// The mean of a learner's weights at even distances along its passes: steadier than the last ones, above all where
/// features that nearly every example has move together with the latest clicks.
struct AveragedWeights: Sendable {
  let settings: FTRLSettings
  var offset: Double
  var weights: [Double]
  /// The mean vectors of a factorization machine.
  private(set) var factors: Factors?
  /// Numbers of examples and the predictions of the first pass, each made before its example was learnt.
  var progressive: [(number: Int, probability: Double)] = []

  init(settings: FTRLSettings, offset: Double, count: Int) {
    self.settings = settings
    self.offset = offset
    weights = [Double](repeating: 0, count: count)
  }

  /// Adds the weights of the learner, and the vectors, at one of `count` points.
  mutating func add(_ learner: FTRLLearner, _ vectors: Factors?, count: Int) {
    let share = 1 / Double(count)
    for coordinate in 0..<min(learner.count, weights.count) {
      weights[coordinate] += learner.weight(UInt32(coordinate)) * share
    }
    guard let vectors else { return }
    let mean = factors?.vectors ?? vectors.vectors.map { _ in 0 }
    factors = vectors.with(vectors: zip(mean, vectors.vectors).map { $0 + $1 * share })
  }

  /// Log-odds of the examples `numbers`.
  func logits(_ numbers: [Int], of examples: EncodedExamples) -> [Double] {
    let linear = linearLogits(numbers, of: examples)
    guard var factors else { return linear }
    return zip(numbers, linear).map { $1 + factors.score($0) }
  }

  private func linearLogits(_ numbers: [Int], of examples: EncodedExamples) -> [Double] {
    weights.withUnsafeBufferPointer { weights in
      examples.withUnsafePointers { coordinates, starts, _ in
        numbers.map { number in
          var sum = offset
          for place in starts[number]..<starts[number + 1] { sum += weights[Int(coordinates[place])] }
          return sum
        }
      }
    }
  }

  /// Probabilities of the examples `numbers`.
  func predictions(_ numbers: [Int], of examples: EncodedExamples) -> [Double] {
    logits(numbers, of: examples).map(Logistic.sigmoid)
  }
}
