import Statistics

/// One arm's units, condensed to what the comparisons need.
struct ArmData {
  let name: String
  let total: UnitTotals
  private let moments: [Metric: PairedMoments]
  /// Units whose numerator isn't 0.
  let activeUnitCounts: [Metric: Int]
  private let sample: ExperimentSample
  private let arm: Int16
  private let caps: [Metric: Double]

  /// Sums over all units.
  struct UnitTotals {
    var unitCount = 0
    var impressionCount = 0
    var clickCount = 0
    var revenue = NeumaierSum()
    var conversionValue = NeumaierSum()
    /// Units that were seen before the experiment.
    var pastUnitCount = 0
  }

  var unitCount: Int { total.unitCount }

  init(_ sample: ExperimentSample, arm: Int, caps: [Metric: Double]) {
    self.sample = sample
    self.arm = Int16(arm)
    self.caps = caps
    name = sample.experiment.arms[arm].name
    var total = UnitTotals()
    var moments: [Metric: PairedMoments] = [:]
    var active: [Metric: Int] = [:]
    let units = sample.units.filter { $0.arm == Int16(arm) && !$0.isCrossed }
    for unit in units { total.add(unit) }
    for metric in Metric.allCases {
      let cap = caps[metric] ?? .infinity
      let numerators = units.map { metric.numerator($0.total, cap: cap) }
      active[metric] = numerators.count { $0 != 0 }
      moments[metric] = PairedMoments(x: units.map { metric.denominator($0.total) }, y: numerators)
    }
    self.total = total
    self.moments = moments
    activeUnitCounts = active
  }

  func ratio(_ metric: Metric) -> RatioMetric? {
    moments[metric].flatMap { RatioMetric($0) }
  }

  /// Mean of the metric's denominator.
  func meanDenominator(_ metric: Metric) -> Double {
    moments[metric]?.meanX ?? 0
  }

  /// Moments of (x: before, y: during the experiment) of the values `numerator − ratio·denominator`, CUPED's input.
  func linearized(_ metric: Metric, ratio: Double) -> PairedMoments? {
    let cap = caps[metric] ?? .infinity
    func value(_ sums: UnitSums) -> Double {
      metric.numerator(sums, cap: cap) - ratio * metric.denominator(sums)
    }
    let units = sample.units.filter { $0.arm == arm && !$0.isCrossed }
    return PairedMoments(x: units.map { value($0.past) }, y: units.map { value($0.total) })
  }

  func summary(of arm: Arm, caps: [Metric: Double], _ options: ReportOptions) -> ExperimentReport.ArmSummary {
    ExperimentReport.ArmSummary(
      name: arm.name, weight: arm.weight, unitCount: total.unitCount, impressionCount: total.impressionCount,
      clickCount: total.clickCount, revenue: total.revenue.value, conversionValue: total.conversionValue.value,
      metrics: Metric.allCases.map { metric in
        let ratio = ratio(metric)
        let cap = caps[metric].flatMap { $0.isFinite ? $0 : nil }
        return ExperimentReport.Estimate(
          metric: metric, value: ratio?.ratio,
          interval: ratio?.interval(confidence: options.confidence).map { Interval($0) }, cap: cap)
      })
  }
}

extension ArmData.UnitTotals {
  fileprivate mutating func add(_ unit: ExperimentSample.Unit) {
    unitCount += 1
    impressionCount += Int(unit.total.impressionCount)
    clickCount += Int(unit.total.clickCount)
    revenue.add(unit.total.revenue)
    conversionValue.add(unit.total.conversionValue)
    pastUnitCount += unit.past.impressionCount > 0 ? 1 : 0
  }
}
