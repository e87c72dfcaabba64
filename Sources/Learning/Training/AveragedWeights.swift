import Statistics

/// The mean of a learner's weights at even distances along its passes: steadier than the last ones, above all where
/// features that nearly every example has move together with the latest clicks.
struct AveragedWeights {
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
    for coordinate in weights.indices {
      weights[coordinate] += learner.weight(UInt32(coordinate)) / Double(count)
    }
  }

  /// Probabilities of the examples `numbers`.
  func predictions(_ numbers: [Int], of examples: EncodedExamples) -> [Double] {
    numbers.map { number in
      examples.withExample(number) { example in
        Logistic.sigmoid(example.reduce(offset) { $0 + weights[Int($1)] })
      }
    }
  }
}
