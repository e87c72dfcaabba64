import Statistics

extension LongTermEffect {
  /// The effects of each arm but the control on each metric that is defined in both windows.
  static func effects(
    _ sample: ExperimentUnits, arms: [ArmData], metrics: [CappedMetric], isMismatch: Bool, _ options: ReportOptions
  ) -> [LongTermEffect] {
    guard let design = LongTermDesign(sample) else { return [] }
    let cohorts = arms.map { arm in arm.units.filter { sample.firstDays[Int($0)] <= design.lastFirstDay } }
    let windows = cohorts.map { units in units.map { design.windows(of: Int($0), sample) } }
    let exposures = cohorts.joined().map { design.exposureDayCount(of: Int($0), sample) }
    guard !exposures.isEmpty else { return [] }
    let exposure = exposures.reduce(0, +) / Double(exposures.count)
    let ratios = metrics.concurrentMap { metric in windows.map { Self.ratios(metric, $0) } }
    return arms.indices.dropFirst().flatMap { arm in
      metrics.indices.compactMap { metric in
        guard let control = ratios[metric][0], let treatment = ratios[metric][arm],
          let changes = LongTermChanges(control: control, treatment: treatment, design, exposureDayCount: exposure)
        else { return nil }
        return LongTermEffect(
          arm: arms[arm].name, metric: metrics[metric], changes, design, isMismatch: isMismatch, options)
      }
    }
  }

  /// The metric in the first and in the later window.
  private static func ratios(
    _ metric: CappedMetric, _ windows: [(early: MetricSums, late: MetricSums)]
  ) -> RatioPair? {
    RatioPair(windows.map { metric.terms($0.early) }, windows.map { metric.terms($0.late) })
  }

  private init?(
    arm: String, metric: CappedMetric, _ changes: LongTermChanges, _ design: LongTermDesign, isMismatch: Bool,
    _ options: ReportOptions
  ) {
    guard let critical = NormalDistribution.criticalValue(confidence: options.confidence) else { return nil }
    func change(_ estimate: LongTermChanges.Estimate, times factor: Double = 1) -> Change {
      let interval = Interval(center: estimate.value, halfWidth: critical * estimate.error)
      return Change(value: estimate.value * factor, interval: interval * factor)
    }
    self.arm = arm
    self.metric = metric.name
    self.design = design.kind
    windowDayCount = design.windowDayCount
    exposureDayCount = changes.exposureDayCount
    shortTerm = change(changes.shortTerm)
    learned = change(changes.learned)
    year = change(changes.year)
    let level = changes.controlLevel / Double(design.late.count) * LongTermDesign.yearDayCount
    yearPerUnit = metric.isPerUnit ? change(changes.year, times: level) : nil
    if isMismatch {
      verdict = .invalid
    } else if !changes.isEnough {
      verdict = .tooLittleData
    } else {
      verdict = year.interval.isAbove0 ? .higher : year.interval.isBelow0 ? .lower : .open
    }
  }
}

/// The relative changes and their standard errors.
struct LongTermChanges {
  typealias Estimate = (value: Double, error: Double)

  let exposureDayCount: Double
  let shortTerm: Estimate
  let learned: Estimate
  let year: Estimate
  /// The control's ratio in the later window.
  let controlLevel: Double
  /// Both arms have units, and active ones, enough for the intervals to hold.
  let isEnough: Bool

  /// `nil` when the control's ratio is 0 in a window.
  init?(control: RatioPair, treatment: RatioPair, _ design: LongTermDesign, exposureDayCount: Double) {
    guard control.first != 0, control.second != 0 else { return nil }
    let early = treatment.first / control.first
    let late = treatment.second / control.second
    /// The sum of the relative changes in the two windows, each times a factor.
    func estimate(early a: Double, late b: Double) -> Estimate {
      let fromTreatment = treatment.variance(first: a / control.first, second: b / control.second)
      let fromControl = control.variance(first: -a * early / control.first, second: -b * late / control.second)
      return (a * (early - 1) + b * (late - 1), (fromTreatment + fromControl).squareRoot())
    }
    // The share of the year's days that have what is learnt, when it grows evenly over the days of exposure.
    let share = 1 - min(exposureDayCount, LongTermDesign.yearDayCount) / 2 / LongTermDesign.yearDayCount
    shortTerm = estimate(early: 1, late: 0)
    switch design.kind {
    case .cohort:
      learned = estimate(early: -1, late: 1)
      year = estimate(early: 1 - share, late: share)
    case .postPeriod:
      learned = estimate(early: 0, late: 1)
      year = estimate(early: 1, late: share)
    }
    self.exposureDayCount = exposureDayCount
    controlLevel = control.second
    isEnough = [control, treatment].allSatisfy {
      $0.unitCount >= ReportOptions.unitCountMin && $0.activeUnitCount >= ReportOptions.activeUnitCountMin
    }
  }
}
