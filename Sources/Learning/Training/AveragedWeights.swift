import Statistics

/// The mean of a learner's weights at even distances along its passes: steadier than the last ones, above all where
/// features that nearly every example has move together with the latest clicks.
struct AveragedWeights: Sendable {
  let settings: FTRLSettings
  let offset: Double
  private(set) var weights: [Double]
  /// Numbers of examples and the predictions of the first pass, each made before its example was learnt.
  var progressive: [(number: Int, probability: Double)] = []

  init(settings: FTRLSettings, offset: Double, count: Int) {
    self.settings = settings
    self.offset = offset
    weights = [Double](repeating: 0, count: count)
  }

  /// Adds the learner's weights at one of `count` points.
  mutating func add(_ learner: FTRLLearner, count: Int) {
    let share = 1 / Double(count)
    for coordinate in 0..<min(learner.count, weights.count) {
      weights[coordinate] += learner.weight(UInt32(coordinate)) * share
    }
  }

  /// Log-odds of the examples `numbers`.
  func logits(_ numbers: [Int], of examples: EncodedExamples) -> [Double] {
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
