import Statistics

/// Whether the units reached the arms in the planned proportions.
public struct SampleRatio: Codable, Sendable, Equatable {
  /// Of the χ² test over all units.
  public let statistic: Double
  public let pValue: Double
  /// Holds however often one looks: the smallest after any day.
  public let sequentialPValue: Double
  /// One of the two p-values is below ``ReportOptions/sampleRatioAlpha``: don't read the results.
  public let isMismatch: Bool
  /// Each day's new units by themselves.
  public let days: [Day]

  /// The units that were first seen on one day.
  public struct Day: Codable, Sendable, Equatable {
    /// UTC, as 2026-01-31.
    public let day: String
    /// By arm that wasn't stopped.
    public let unitCounts: [Int]
    /// Of the χ² test over the day's units; `nil` without any.
    public let pValue: Double?
    /// Of all units through the day.
    public let sequentialPValue: Double
    /// The day's p-value is below ``ReportOptions/sampleRatioAlpha``.
    public let isMismatch: Bool
  }
}

extension SampleRatio {
  /// Of the arms that weren't stopped. `nil` when nobody was in the experiment, or only one arm has a weight and all units.
  init?(_ course: ExperimentCourse?, arms: [Arm]) {
    guard let course else { return nil }
    let alpha = ReportOptions.sampleRatioAlpha
    let running = arms.indices.filter { !arms[$0].isStopped }
    let weights = running.map { arms[$0].weight }
    let newUnitCounts = running.map { course.newUnitCounts[$0] }
    let totals = newUnitCounts.map { $0.reduce(0, +) }
    guard let whole = SampleRatioMismatch(counts: totals.map(Double.init), plannedWeights: weights, alpha: alpha)
    else { return nil }
    var sequence = SequentialSampleRatio(plannedWeights: weights)
    var sums = weights.map { _ in 0.0 }
    days = course.days.enumerated().map { index, day in
      let counts = newUnitCounts.map { $0[index] }
      for arm in counts.indices { sums[arm] += Double(counts[arm]) }
      let own = SampleRatioMismatch(counts: counts.map(Double.init), plannedWeights: weights, alpha: alpha)
      return Day(
        day: dayText(Int(day)), unitCounts: counts, pValue: own?.test.pValue,
        sequentialPValue: sequence?.look(counts: sums) ?? whole.test.pValue, isMismatch: own?.isMismatch ?? false)
    }
    statistic = min(whole.test.statistic, .greatestFiniteMagnitude)
    pValue = whole.test.pValue
    sequentialPValue = sequence?.pValue ?? whole.test.pValue
    isMismatch = whole.isMismatch || sequentialPValue < alpha
  }
}
