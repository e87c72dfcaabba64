import Features

/// Chooses crosses one by one, each because the model with it predicts examples better that it hasn't learnt.
///
/// Every round sieves all pairs of fields by ``CrossScreen``, then trains a model with the best of them, by
/// cross-validation, and keeps the first whose gain exceeds one standard error. It ends after ``triedCountMax`` pairs
/// without a gain. A function of examples and settings.
struct CrossSearch {
  /// Pairs of a round that are tried by training a model.
  static let triedCountMax = 3
  /// Gain that a cross must bring, in standard errors of the gain.
  static let gainMin = 1.0

  let columns: ExampleColumns
  let validation: CrossValidation
  let settings: TrainingSettings
  private let labels: [Bool]

  init(_ columns: ExampleColumns, validation: CrossValidation, settings: TrainingSettings) {
    self.columns = columns
    self.validation = validation
    self.settings = settings
    labels = validation.numbers.map { columns.labels[$0] }
  }

  /// Names of the fields of each chosen cross, in the order of choice.
  ///
  /// - parameter until: whether to end with what is chosen by now; asked before each round.
  /// - parameter tried: told each cross that was tried, the loss with it, and whether it was kept.
  func run(
    until isOver: () -> Bool = { false }, tried: ([String], HeldOutLoss, Bool) -> Void
  ) throws(LearningError) -> [[String]] {
    var chosen: [[String]] = []
    var candidates = pairs()
    var (logits, loss) = try evaluate(chosen)
    while chosen.count < settings.crossCountMax, !candidates.isEmpty, !isOver() {
      var isKept = false
      for candidate in try best(of: candidates, logits) where !isKept {
        candidates.removeAll { $0 == candidate }
        let names = [name(candidate.first), name(candidate.second)]
        let (newLogits, newLoss) = try evaluate(chosen + [names])
        isKept = newLoss.gain(over: loss) > Self.gainMin
        tried(names, newLoss, isKept)
        if isKept {
          chosen.append(names)
          (logits, loss) = (newLogits, newLoss)
        }
      }
      if !isKept { break }
    }
    return chosen
  }

  private struct Pair: Sendable, Equatable {
    let first: Int
    let second: Int
  }

  /// All pairs of fields with more than one value that aren't crossed yet.
  private func pairs() -> [Pair] {
    let known = Set(columns.schema.crosses.map(Set.init))
    let fields = columns.values.indices.filter { columns.values[$0].values.count > 1 }
    return fields.flatMap { first in fields.filter { $0 > first }.map { Pair(first: first, second: $0) } }
      .filter { !known.contains([name($0.first), name($0.second)]) }
  }

  private func best(of candidates: [Pair], _ logits: [Double]) throws(LearningError) -> [Pair] {
    let screen = CrossScreen(columns: columns, numbers: validation.numbers, logits: logits)
    let gains = try parallel(candidates) { pair throws(LearningError) in screen.gain(pair.first, pair.second) }
    return zip(candidates, gains).sorted { $0.1 > $1.1 }.prefix(Self.triedCountMax).map(\.0)
  }

  private func evaluate(_ crosses: [[String]]) throws(LearningError) -> ([Double], HeldOutLoss) {
    let logits = try validation.logits(columns, try columns.encoded(adding: crosses, settings), [settings])[0]
    return (logits, HeldOutLoss(logits: logits, labels: labels))
  }

  private func name(_ field: Int) -> String {
    let schema = columns.schema
    let contextCount = schema.contextFields.count
    return field < contextCount ? schema.contextFields[field].name : schema.adFields[field - contextCount].name
  }
}

extension ExampleColumns {
  /// The examples as coordinates of the schema's features and more crosses.
  func encoded(
    adding crosses: [[String]], _ settings: TrainingSettings
  ) throws(LearningError) -> (index: FeatureIndex, examples: EncodedExamples) {
    do {
      let (index, examples) = encoded(
        try schema.adding(crosses: crosses), coordinateCountMax: FeatureIndex.coordinateCountDefault)
      return (index, settings.admissionCountMin > 1 ? examples.admitting(settings.admissionCountMin) : examples)
    } catch {
      throw LearningError(.invalidSetting, error.description)
    }
  }
}
