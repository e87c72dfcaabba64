import Statistics

/// Chooses the settings of a training by the log loss of predictions that were made without knowing their example.
///
/// From the settings given it goes along one hyper-parameter after the other, takes the best value, and goes round again
/// until nothing improves. With these settings the other forms of model are tried: vectors at several rates, and crosses.
/// The more features, the fewer passes and the less penalty they need, so crosses are also searched from light settings,
/// and rate, passes and penalty are looked at once more with them. A function of examples and settings, unless
/// ``TrainingSettings/tuningSecondsMax`` cuts it short: ties keep the simpler.
public struct Tuner {
  /// What was chosen and all that was tried.
  public struct Outcome: Sendable {
    public var settings: TrainingSettings
    /// Crosses beyond those of the features file.
    public var crosses: [[String]] = []
    public var trials: [TuningTrial] = []
    /// Time it took.
    public var seconds = 0.0
    /// Whether time ran out before all was tried.
    public var isCutShort = false
  }

  /// Examples that are tuned on at most; the latest count.
  public static let exampleCountMax = 400_000
  private static let roundCountMax = 2
  /// About how many settings are tried; only the progress depends on it.
  private static let expectedTrialCount = 80.0

  private let columns: ExampleColumns
  private let start: TrainingSettings
  private let forms: [ModelForm]
  private let validation: CrossValidation
  private let labels: [Bool]
  private let entropy: Double
  private let progress: (Double) -> Void

  private var trials: [TuningTrial] = []
  private var known: [Candidate: Double] = [:]
  private let now: () -> ContinuousClock.Instant
  private let begin: ContinuousClock.Instant
  private var isCutShort = false

  /// What a model is made with.
  private struct Candidate: Hashable {
    var settings: TrainingSettings
    var crosses: [[String]] = []
  }

  /// - parameter numbers: the examples to tune on, ascending.
  /// - parameter forms: the kinds of model to choose from, simplest first.
  /// - parameter progress: told about which share is done.
  init(
    _ columns: ExampleColumns, _ numbers: [Int], settings: TrainingSettings, forms: [ModelForm],
    now: @escaping () -> ContinuousClock.Instant = { .now }, progress: @escaping (Double) -> Void = { _ in }
  ) {
    self.now = now
    begin = now()
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
    var plain = Candidate(settings: start)
    plain.settings.model = .ftrl
    plain = try descend(from: plain, Axis.all, roundCount: Self.roundCountMax)
    var candidates = [plain]
    if forms.contains(.fm) {
      var vectors = plain
      vectors.settings.model = .fm
      candidates.append(try descend(from: vectors, [.factorRate], roundCount: 1))
    }
    if forms.contains(.ftrlCrosses) {
      for start in [plain.settings, light(plain.settings)] where !isOutOfTime() {
        var crossed = Candidate(settings: start)
        crossed.settings.model = .ftrlCrosses
        crossed.crosses = try searchCrosses(crossed.settings)
        candidates.append(try descend(from: crossed, [.alpha, .passCount, .l2, .frequencies], roundCount: 1))
      }
    }
    progress(1)
    let best = candidates.filter { forms.contains($0.settings.model) }.min { loss($0) < loss($1) } ?? plain
    return Outcome(
      settings: best.settings, crosses: best.crosses, trials: trials, seconds: (now() - begin) / .seconds(1),
      isCutShort: isCutShort)
  }

  /// Settings that leave more features room: few passes and no penalty.
  private func light(_ settings: TrainingSettings) -> TrainingSettings {
    var settings = settings
    settings.ftrl.alpha = start.ftrl.alpha
    settings.ftrl.l2 = 0
    settings.passCount = min(settings.passCount, 3)
    return settings
  }

  /// Whether the time is over; then nothing but what is needed for an answer is tried.
  private mutating func isOutOfTime() -> Bool {
    if now() - begin >= .seconds(start.tuningSecondsMax) { isCutShort = true }
    return isCutShort
  }

  private mutating func searchCrosses(_ settings: TrainingSettings) throws(LearningError) -> [[String]] {
    var kept: [[String]] = []
    var found: [TuningTrial] = []
    let (entropy, now, end) = (entropy, now, begin + .seconds(start.tuningSecondsMax))
    let chosen = try CrossSearch(columns, validation: validation, settings: settings).run(until: { now() >= end }) {
      cross, loss, isKept in
      found.append(TuningTrial(settings, crosses: kept + [cross], logLoss: loss.mean, entropy: entropy))
      if isKept { kept.append(cross) }
    }
    trials += found
    reportProgress()
    return chosen
  }

  /// The best candidate on the way along `axes`.
  private mutating func descend(
    from candidate: Candidate, _ axes: [Axis], roundCount: Int
  ) throws(LearningError) -> Candidate {
    let encoded = try columns.encoded(adding: candidate.crosses, candidate.settings)
    try evaluate([candidate.settings], encoded, crosses: candidate.crosses)
    var best = candidate
    for _ in 0..<roundCount {
      let before = best
      for axis in axes where !isOutOfTime() {
        let line = [best.settings] + axis.values.map { axis.setting(best.settings, $0) }.filter { $0 != best.settings }
        try evaluate(line, encoded, crosses: candidate.crosses)
        let candidates = line.map { Candidate(settings: $0, crosses: candidate.crosses) }
        best = candidates.min { loss($0) < loss($1) } ?? best
      }
      if best == before { break }
    }
    return best
  }

  private func loss(_ candidate: Candidate) -> Double { known[candidate] ?? .infinity }

  private mutating func evaluate(
    _ settings: [TrainingSettings], _ encoded: (index: FeatureIndex, examples: EncodedExamples), crosses: [[String]]
  ) throws(LearningError) {
    let new = settings.filter { known[Candidate(settings: $0, crosses: crosses)] == nil }
    let logits = try validation.logits(columns, encoded, new)
    for (settings, logits) in zip(new, logits) {
      let loss = HeldOutLoss(logits: logits, labels: labels)
      known[Candidate(settings: settings, crosses: crosses)] = loss.mean
      trials.append(TuningTrial(settings, crosses: crosses, logLoss: loss.mean, entropy: entropy))
    }
    reportProgress()
  }

  private func reportProgress() { progress(min(Double(trials.count) / Self.expectedTrialCount, 0.99)) }

  /// A hyper-parameter and the values that are tried.
  private enum Axis {
    case alpha, passCount, l2, beta, l1, frequencies, factorRate

    static let all: [Axis] = [.alpha, .passCount, .l2, .beta, .l1, .frequencies]

    var values: [Double] {
      switch self {
      case .alpha: [0.01, 0.02, 0.05, 0.1, 0.2]
      case .passCount: [3, 6, 12]
      case .l2: [0, 0.5, 1, 2.5, 5, 10]
      case .beta: [0.3, 1]
      case .l1: [0, 0.1, 1]
      case .frequencies: [0, 1]
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
      case .frequencies: settings.sharesFrequencyWeights = value > 0
      case .factorRate: settings.factors.rate = value
      }
      return settings
    }
  }
}
