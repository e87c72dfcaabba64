import Statistics

/// Several passes over chosen examples: FTRL-Proximal, and the vectors of a factorization machine where there are any.
///
/// A function of the examples, their order and the settings: the same fit gives the same weights, bit by bit.
struct Fit: Sendable {
  let columns: ExampleColumns
  let index: FeatureIndex
  let examples: EncodedExamples
  let settings: TrainingSettings

  /// Learns the examples `numbers`; the mean of the weights at the points of ``TrainingSettings/partCount``.
  ///
  /// - parameter progress: told how many examples were learnt, after each part of a pass.
  func weights(
    learning numbers: [Int], progress: (Int) -> Void = { _ in }
  ) throws(LearningError) -> AveragedWeights {
    var ftrl = settings.ftrl
    ftrl.l2 *= Double(settings.passCount)
    ftrl.priorCTR = ftrl.penalizesIntercept ? 0.5 : startingCTR(numbers)
    var learner = try FTRLLearner(settings: ftrl)
    var generator = SeededGenerator(seed: settings.seed)
    let frequencies = settings.sharesFrequencyWeights ? FrequencyWeights(index, examples, numbers) : nil
    let examples = frequencies?.sharing(examples, numbers) ?? examples
    var fitted = AveragedWeights(
      settings: ftrl, offset: learner.offset, count: index.count + (frequencies?.weightCount ?? 0))
    var factors = makeFactors(numbers)
    var order = settings.negativeShare < 1 ? sampled(numbers) : numbers
    let partCount = settings.partCount
    let pointCount = settings.passCount * partCount
    for point in 0..<pointCount {
      let part = point % partCount
      if part == 0 && settings.shuffles { order.shuffle(using: &generator) }
      let numbers = order[part * order.count / partCount..<(part + 1) * order.count / partCount]
      let predictions = try learn(examples, numbers, &learner, &factors)
      if point < partCount && settings.negativeShare == 1 {
        fitted.progressive += zip(numbers, predictions).map { ($0, $1) }
      }
      fitted.add(learner, factors, count: pointCount)
      progress(numbers.count)
    }
    frequencies?.fold(into: &fitted)
    return fitted
  }

  private func makeFactors(_ numbers: [Int]) -> Factors? {
    guard settings.model == .fm else { return nil }
    let vocabulary = FactorVocabulary(columns, numbers, settings: settings.factors)
    return Factors(vocabulary, settings: settings.factors, seed: settings.seed)
  }

  /// Learns examples one after the other; returns the probability of each before it was learnt.
  private func learn(
    _ examples: EncodedExamples, _ numbers: ArraySlice<Int>, _ learner: inout FTRLLearner, _ factors: inout Factors?
  ) throws(LearningError) -> [Double] {
    let negativeImportance = 1 / settings.negativeShare
    guard var vectors = factors else {
      return try learner.learn(examples, numbers, negativeImportance: negativeImportance)
    }
    factors = nil
    defer { factors = vectors }
    var predictions: [Double] = []
    predictions.reserveCapacity(numbers.count)
    for number in numbers {
      let label = examples.labels[number]
      let importance = label ? 1 : negativeImportance
      let score = vectors.score(number)
      let probability = try examples.withExample(number) { example throws(LearningError) in
        try learner.learn(example, label: label, importance: importance, score: score)
      }
      vectors.learn(number, gradient: importance * (probability - (label ? 1 : 0)))
      predictions.append(probability)
    }
    return predictions
  }

  /// All examples with a click, and ``TrainingSettings/negativeShare`` of the others.
  private func sampled(_ numbers: [Int]) -> [Int] {
    var generator = SeededGenerator(seed: ~settings.seed)
    return numbers.filter { examples.labels[$0] || generator.nextUniform() < settings.negativeShare }
  }

  /// Share of clicks among examples, and a few more of the prior CTR, so that it is inside (0, 1).
  private func startingCTR(_ numbers: [Int]) -> Double {
    let clickCount = Double(numbers.count { examples.labels[$0] })
    let prior = Double(TrainingSettings.priorExampleCount)
    return (clickCount + prior * settings.ftrl.priorCTR) / (Double(numbers.count) + prior)
  }
}
