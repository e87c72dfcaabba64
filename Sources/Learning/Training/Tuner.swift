import Statistics

/// Chooses the settings of a training by the log loss of predictions that were made without knowing their example.
///
/// From the settings given it goes along one hyper-parameter after the other, takes the best value, and goes round again
/// until nothing improves. With these settings the other forms of model are tried: vectors at several rates, and crosses,
/// after which rate and penalty are looked at once more. A function of examples and settings: ties keep the simpler.
public struct Tuner {
  /// What was chosen and all that was tried.
  public struct Outcome: Sendable {
    public let settings: TrainingSettings
    /// Crosses beyond those of the features file.
    public let crosses: [[String]]
    public let trials: [TuningTrial]
  }

  /// Examples that are tuned on at most; the latest count.
  public static let exampleCountMax = 400_000
  private static let roundCountMax = 2
  /// About how many settings are tried; only the progress depends on it.
  private static let expectedTrialCount = 40.0

  private let columns: ExampleColumns
  private let start: TrainingSettings
  private let forms: [ModelForm]
  private let validation: CrossValidation
  private let labels: [Bool]
  private let entropy: Double
  private let progress: (Double) -> Void

  private var trials: [TuningTrial] = []
  private var known: [TrainingSettings: HeldOutLoss] = [:]

  /// - parameter numbers: the examples to tune on, ascending.
  /// - parameter forms: the kinds of model to choose from, simplest first.
  /// - parameter progress: told about which share is done.
  init(
    _ columns: ExampleColumns, _ numbers: [Int], settings: TrainingSettings, forms: [ModelForm],
    progress: @escaping (Double) -> Void = { _ in }
  ) {
    self.columns = columns
    self.forms = forms
    self.progress = progress
    start = settings
    validation = CrossValidation(numbers.suffix(Self.exampleCountMax), seed: settings.seed)
    labels = validation.numbers.map { columns.labels[$0] }
    let rate = (Double(labels.count { $0 }) + 0.5) / (Double(labels.count) + 1)
    entropy = HeldOutLoss(logits: labels.map { _ in Logistic.logit(rate) }, labels: labels).mean
  }

  /// Tries and chooses.
  mutating func run() throws(LearningError) -> Outcome {
    var settings = start
    settings.model = .ftrl
    let declared = try columns.encoded(adding: [], settings)
    let plain = try descend(from: settings, declared, crosses: [], Axis.all, roundCount: Self.roundCountMax)
    var candidates = [(settings: plain, crosses: [[String]](), loss: loss(plain))]
    if forms.contains(.fm) {
      settings = plain
      settings.model = .fm
      settings = try descend(from: settings, declared, crosses: [], [.factorRate], roundCount: 1)
      candidates.append((settings, [], loss(settings)))
    }
    if forms.contains(.ftrlCrosses) {
      settings = plain
      settings.model = .ftrlCrosses
      let crosses = try searchCrosses(settings)
      if !crosses.isEmpty {
        let encoded = try columns.encoded(adding: crosses, settings)
        settings = try descend(from: settings, encoded, crosses: crosses, [.alpha, .l2], roundCount: 1)
      }
      candidates.append((settings, crosses, crosses.isEmpty ? loss(plain) : loss(settings)))
    }
    progress(1)
    let allowed = candidates.filter { forms.contains($0.settings.model) }
    let best = allowed.min { $0.loss < $1.loss } ?? candidates[0]
    return Outcome(settings: best.settings, crosses: best.crosses, trials: trials)
  }

  private mutating func searchCrosses(_ settings: TrainingSettings) throws(LearningError) -> [[String]] {
    var kept: [[String]] = []
    let search = CrossSearch(columns, validation: validation, settings: settings)
    var found: [TuningTrial] = []
    let entropy = entropy
    let chosen = try search.run { cross, loss, isKept in
      found.append(TuningTrial(settings, crosses: kept + [cross], logLoss: loss.mean, entropy: entropy))
      if isKept { kept.append(cross) }
    }
    trials += found
    reportProgress()
    return chosen
  }

  /// The best settings on the way along `axes`.
  private mutating func descend(
    from settings: TrainingSettings, _ encoded: (index: FeatureIndex, examples: EncodedExamples),
    crosses: [[String]], _ axes: [Axis], roundCount: Int
  ) throws(LearningError) -> TrainingSettings {
    var best = settings
    for _ in 0..<roundCount {
      let before = best
      for axis in axes {
        let line = [best] + axis.values.map { axis.setting(best, $0) }.filter { $0 != best }
        try evaluate(line.filter { known[$0] == nil }, encoded, crosses: crosses)
        best = line.min { loss($0) < loss($1) } ?? best
      }
      if best == before { break }
    }
    return best
  }

  private func loss(_ settings: TrainingSettings) -> Double { known[settings]?.mean ?? .infinity }

  private mutating func evaluate(
    _ settings: [TrainingSettings], _ encoded: (index: FeatureIndex, examples: EncodedExamples), crosses: [[String]]
  ) throws(LearningError) {
    let logits = try validation.logits(columns, encoded, settings)
    for (settings, logits) in zip(settings, logits) {
      let loss = HeldOutLoss(logits: logits, labels: labels)
      known[settings] = loss
      trials.append(TuningTrial(settings, crosses: crosses, logLoss: loss.mean, entropy: entropy))
    }
    reportProgress()
  }

  private func reportProgress() { progress(min(Double(trials.count) / Self.expectedTrialCount, 0.99)) }

  /// A hyper-parameter and the values that are tried.
  private enum Axis {
    case alpha, passCount, l2, beta, l1, factorRate

    static let all: [Axis] = [.alpha, .passCount, .l2, .beta, .l1]

    var values: [Double] {
      switch self {
      case .alpha: [0.01, 0.02, 0.05, 0.1, 0.2]
      case .passCount: [3, 6, 12]
      case .l2: [0, 0.5, 1, 2.5, 5, 10]
      case .beta: [0.3, 1]
      case .l1: [0, 0.1, 1]
      case .factorRate: [0.01, 0.02, 0.05]
      }
    }

    func setting(_ settings: TrainingSettings, _ value: Double) -> TrainingSettings {
      var settings = settings
      switch self {
      case .alpha: settings.ftrl.alpha = value
      case .passCount: settings.passCount = Int(value)
      case .l2: settings.ftrl.l2 = value
      case .beta: settings.ftrl.beta = value
      case .l1: settings.ftrl.l1 = value
      case .factorRate: settings.factors.rate = value
      }
      return settings
    }
  }
}
