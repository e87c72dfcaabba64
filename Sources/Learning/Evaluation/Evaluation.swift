import Statistics

/// All that is known of the quality of predictions: measures with intervals, reliability, slices, and a second model.
public struct Evaluation: Sendable, Equatable {
  public let report: EvaluationReport
  public let intervals: Intervals
  /// Bins of equal mass, ascending by prediction.
  public let reliability: [Reliability]
  public let slices: [Slice]
  /// `nil` without a second model.
  public let comparison: Comparison?

  /// 95 % bootstrap intervals over users, or over examples where users are unknown; `nil` where undefined.
  public struct Intervals: Codable, Sendable, Equatable {
    public let logLoss: [Double]?
    public let normalizedEntropy: [Double]?
    public let calibrationRatio: [Double]?
  }

  /// One bin of the reliability table.
  public struct Reliability: Codable, Sendable, Equatable {
    public let count: Int
    public let meanPrediction: Double
    /// Clicks an impression, with Wilson's 95 % interval.
    public let clickRate: Double
    public let low: Double
    public let high: Double
  }

  /// The examples with one value of a field.
  public struct Slice: Codable, Sendable, Equatable {
    public let field: String
    public let value: String
    public let report: EvaluationReport
    public let intervals: Intervals
  }

  /// Two models on the same examples.
  public struct Comparison: Codable, Sendable, Equatable {
    /// Quality of the second model.
    public let report: EvaluationReport
    /// Log loss of the first less that of the second, nats an example: below 0 the first is better.
    public let logLossDifference: Double
    /// 95 % interval of the paired difference.
    public let low: Double?
    public let high: Double?
  }

  /// Values shown of one field, by their number of examples.
  public static let sliceCountMax = 20

  /// Measures the examples; O(n log n) for each field.
  public init(_ examples: ScoredExamples) {
    report = EvaluationReport(labels: examples.labels, predictions: examples.predictions)
    let all = Array(examples.labels.indices)
    intervals = Self.intervals(examples, all)
    reliability = Self.reliability(examples)
    slices = examples.fields.indices.flatMap { Self.slices(examples, field: $0) }
    comparison = Self.comparison(examples)
  }

  private static func slices(_ examples: ScoredExamples, field: Int) -> [Slice] {
    var rows = [[Int]](repeating: [], count: examples.names[field].count)
    for (row, code) in examples.codes[field].enumerated() { rows[Int(code)].append(row) }
    let names = examples.names[field]
    let order = rows.indices.sorted { (rows[$1].count, names[$0]) < (rows[$0].count, names[$1]) }
    return order.prefix(sliceCountMax).map { code in
      let mine = rows[code]
      return Slice(
        field: "\(examples.fields[field])", value: examples.names[field][code],
        report: EvaluationReport(
          labels: mine.map { examples.labels[$0] }, predictions: mine.map { examples.predictions[$0] }),
        intervals: intervals(examples, mine))
    }
  }

  private static func intervals(_ examples: ScoredExamples, _ rows: [Int]) -> Intervals {
    let empty = PredictionQuality(epsilon: EvaluationReport.epsilon)
    var groups = [PredictionQuality](repeating: empty, count: ScoredExamples.groupCount)
    for row in rows {
      groups[Int(examples.groups[row])].add(label: examples.labels[row], prediction: examples.predictions[row])
    }
    groups.removeAll { $0.count == 0 }
    let found = Bootstrap.intervals(groupCount: groups.count) { drawn in
      var quality = empty
      for group in drawn { quality.merge(groups[group]) }
      return [quality.logLoss, quality.normalizedEntropy(), quality.calibrationRatio]
    }
    func ends(_ place: Int) -> [Double]? {
      guard groups.count > 1, place < found.count, let interval = found[place] else { return nil }
      return [interval.low, interval.high]
    }
    return Intervals(logLoss: ends(0), normalizedEntropy: ends(1), calibrationRatio: ends(2))
  }

  private static func reliability(_ examples: ScoredExamples) -> [Reliability] {
    let ranked = RankedExamples(labels: examples.labels, scores: examples.predictions)
    let bins = ranked?.reliabilityBins(count: EvaluationReport.binCount, strategy: .equalMass) ?? []
    return bins.map { bin in
      let clicks = (bin.meanLabel * Double(bin.count)).rounded()
      let interval = Wilson.interval(successes: clicks, trials: Double(bin.count), confidence: 0.95)
      return Reliability(
        count: bin.count, meanPrediction: bin.meanPrediction, clickRate: bin.meanLabel,
        low: interval?.low ?? bin.meanLabel, high: interval?.high ?? bin.meanLabel)
    }
  }

  private static func comparison(_ examples: ScoredExamples) -> Comparison? {
    guard !examples.others.isEmpty else { return nil }
    var paired = PairedComparison()
    for row in examples.labels.indices {
      paired.add(label: examples.labels[row], first: examples.predictions[row], second: examples.others[row])
    }
    let halfWidth = paired.standardError.map { 1.959963984540054 * $0 }
    return Comparison(
      report: EvaluationReport(labels: examples.labels, predictions: examples.others),
      logLossDifference: paired.meanDifference, low: halfWidth.map { paired.meanDifference - $0 },
      high: halfWidth.map { paired.meanDifference + $0 })
  }
}
