import Statistics

/// Predictions of examples by models that learnt the others: every example is scored once, by a model that never saw it.
struct CrossValidation: Sendable {
  /// Parts the examples are dealt into.
  static let foldCount = 5

  /// Examples that are learnt and scored.
  let numbers: [Int]
  private let folds: [Fold]

  private struct Fold: Sendable {
    var training: [Int] = []
    var scored: [Int] = []
    /// Places of the scored ones in ``numbers``.
    var places: [Int] = []
  }

  /// Deals the examples `numbers`, ascending, at random; the same seed deals alike.
  init(_ numbers: [Int], seed: UInt64) {
    self.numbers = numbers
    var generator = SeededGenerator(seed: seed)
    var folds = [Fold](repeating: Fold(), count: Self.foldCount)
    for (place, number) in numbers.enumerated() {
      let mine = Int.random(in: 0..<Self.foldCount, using: &generator)
      for fold in folds.indices where fold != mine { folds[fold].training.append(number) }
      folds[mine].scored.append(number)
      folds[mine].places.append(place)
    }
    self.folds = folds
  }

  /// The log-odds of each of ``numbers``, for each of the settings; all folds of all settings on all cores at once.
  func logits(
    _ columns: ExampleColumns, _ encoded: (index: FeatureIndex, examples: EncodedExamples),
    _ settings: [TrainingSettings]
  ) throws(LearningError) -> [[Double]] {
    let tasks = settings.indices.flatMap { setting in folds.indices.map { (setting: setting, fold: $0) } }
    let scored = try parallel(tasks) { task throws(LearningError) in
      let fit = Fit(
        columns: columns, index: encoded.index, examples: encoded.examples, settings: settings[task.setting])
      let fold = folds[task.fold]
      return try fit.weights(learning: fold.training).logits(fold.scored, of: encoded.examples)
    }
    var logits = settings.map { _ in [Double](repeating: 0, count: numbers.count) }
    for (task, scores) in zip(tasks, scored) {
      for (place, score) in zip(folds[task.fold].places, scores) { logits[task.setting][place] = score }
    }
    return logits
  }
}
