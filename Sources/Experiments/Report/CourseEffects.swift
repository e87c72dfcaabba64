import Statistics

/// The effects of an experiment's days, and what looking at each of them did to the always-valid p-values.
struct CourseEffects {
  private(set) var days: [DayEffect] = []
  /// The smallest p-value of all days, by arm and metric.
  private(set) var smallestPValues: [ComparisonKey: Double] = [:]

  init(_ course: ExperimentCourse, arms: [ArmData], metrics: [CappedMetric], _ options: ReportOptions) {
    for (index, day) in course.days.enumerated() {
      for arm in arms.indices.dropFirst() {
        for metric in metrics.indices {
          let key = ComparisonKey(arm: arms[arm].name, metric: metric)
          let ratios = course.ratios[metric]
          let soFar = Self.effect(ratios.cumulative, arm: arm, day: index, options)
          let sequence = soFar?.sequence(options)
          if let soFar, let sequence, Self.isEnough(soFar) {
            smallestPValues[key] = min(smallestPValues[key] ?? 1, sequence.pValue)
          }
          guard let effect = Self.effect(ratios.daily, arm: arm, day: index, options) else { continue }
          days.append(
            DayEffect(
              day: dayText(Int(day)), arm: arms[arm].name, metric: metrics[metric].name,
              controlUnitCount: effect.control.count, unitCount: effect.treatment.count,
              difference: effect.difference, interval: Interval(effect.interval),
              relativeDifference: effect.relative?.change,
              relativeInterval: effect.relative.map { Interval($0.interval) },
              soFar: sequence.flatMap { soFar?.absolute($0) }, soFarRelative: sequence.flatMap { soFar?.relative($0) },
              alwaysValidPValue: smallestPValues[key] ?? 1))
        }
      }
    }
  }

  private static func effect(
    _ ratios: [[RunningRatio]], arm: Int, day: Int, _ options: ReportOptions
  ) -> RatioDifference? {
    guard let control = ratios[0][day].metric, let treatment = ratios[arm][day].metric else { return nil }
    return RatioDifference(control: control, treatment: treatment, confidence: options.confidence)
  }

  /// With an estimated variance the always-valid guarantee needs some units first.
  private static func isEnough(_ effect: RatioDifference) -> Bool {
    min(effect.control.count, effect.treatment.count) >= ReportOptions.unitCountMin
  }
}
