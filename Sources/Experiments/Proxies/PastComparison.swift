import Statistics

/// What the users of one arm of a past experiment and of its control did.
struct PastComparison {
  let control: Users
  let treatment: Users

  /// The sums of one arm's users, the even half first.
  struct Users {
    let all: [MetricSums]
    private let evenCount: Int

    var even: ArraySlice<MetricSums> { all.prefix(evenCount) }
    var odd: ArraySlice<MetricSums> { all.dropFirst(evenCount) }

    fileprivate init(_ units: [Int32], _ sample: ExperimentUnits) {
      let even = units.filter { sample.days.isEven(Int($0)) }
      evenCount = even.count
      all = (even + units.filter { !sample.days.isEven(Int($0)) }).map { sample.totals[Int($0)] }
    }
  }

  /// The comparisons of an experiment. Arms with too few users are left out, and experiments whose split is wrong.
  static func all(_ experiment: Experiment, _ days: UnitDays) -> [PastComparison] {
    let sample = ExperimentUnits(experiment, days: days, pastDayCount: 0)
    let arms = experiment.arms.indices.map { sample.units(of: $0) }
    let split = SampleRatioMismatch(
      counts: arms.map { Double($0.count) }, plannedWeights: experiment.arms.map(\.weight),
      alpha: ReportOptions.sampleRatioAlpha)
    let isStopped = experiment.arms.contains(where: \.isStopped)
    guard let split, isStopped || !split.isMismatch, arms[0].count >= ReportOptions.unitCountMin else { return [] }
    let control = Users(arms[0], sample)
    return arms.dropFirst().filter { $0.count >= ReportOptions.unitCountMin }
      .map { PastComparison(control: control, treatment: Users($0, sample)) }
  }
}
