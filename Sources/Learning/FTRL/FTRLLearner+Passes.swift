extension FTRLLearner {
  /// Learns the examples `numbers` one after the other; returns the probability of each before it was learnt.
  public mutating func learn(
    _ examples: EncodedExamples, _ numbers: some Collection<Int>
  ) throws(LearningError) -> [Double] {
    var predictions: [Double] = []
    predictions.reserveCapacity(numbers.count)
    for number in numbers {
      predictions.append(
        try examples.withExample(number) { example throws(LearningError) in
          try learn(example, label: examples.labels[number])
        })
    }
    return predictions
  }
}
