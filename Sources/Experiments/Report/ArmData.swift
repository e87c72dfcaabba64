import Statistics

/// One arm's units, condensed to what the comparisons need.
struct ArmData: Sendable {
  let name: String
  /// Units of the arm that count, ascending.
  let units: [Int32]
  /// All that they did, uncapped.
  let total: MetricSums
  /// Units that were seen before the experiment.
  let pastUnitCount: Int
  /// By metric.
  private let metrics: [CappedMetric]
  private let moments: [PairedMoments?]
  /// By metric: units whose numerator isn't 0.
  let activeUnitCounts: [Int]
  private let sample: ExperimentUnits

  var unitCount: Int { units.count }

  init(_ sample: ExperimentUnits, name: String, units: [Int32], metrics: [CappedMetric]) {
    self.sample = sample
    self.name = name
    self.units = units
    self.metrics = metrics
    var total = MetricSums()
    for unit in units { total += sample.totals[Int(unit)] }
    self.total = total
    pastUnitCount = units.count { sample.pasts[Int($0)][.impressions] > 0 }
    let columns = metrics.concurrentMap { metric in
      let numerators = units.map { metric.numerator(sample.totals[Int($0)]) }
      let denominators = units.map { metric.denominator(sample.totals[Int($0)]) }
      return (moments: PairedMoments(x: denominators, y: numerators), active: numerators.count { $0 != 0 })
    }
    moments = columns.map(\.moments)
    activeUnitCounts = columns.map(\.active)
  }

  func ratio(_ metric: Int) -> RatioMetric? {
    moments[metric].flatMap { RatioMetric($0) }
  }

  /// Mean of the metric's denominator.
  func meanDenominator(_ metric: Int) -> Double {
    moments[metric]?.meanX ?? 0
  }

  /// Moments of (x: before, y: during the experiment) of the values `numerator − ratio·denominator`, CUPED's input.
  func linearized(_ metric: Int, ratio: Double) -> PairedMoments? {
    let metric = metrics[metric]
    func value(_ sums: MetricSums) -> Double { metric.numerator(sums) - ratio * metric.denominator(sums) }
    return PairedMoments(
      x: units.map { value(sample.pasts[Int($0)]) }, y: units.map { value(sample.totals[Int($0)]) })
  }

  func summary(of arm: Arm, _ options: ReportOptions) -> ExperimentReport.ArmSummary {
    ExperimentReport.ArmSummary(
      name: arm.name, weight: arm.weight, unitCount: unitCount, impressionCount: Int(total[.impressions]),
      clickCount: Int(total[.clicks]), revenue: total[.revenue], conversionValue: total[.conversionValue],
      metrics: metrics.indices.map { metric in
        let ratio = ratio(metric)
        let cap = metrics[metric].cap
        return ExperimentReport.Estimate(
          metric: metrics[metric].name, value: ratio?.ratio,
          interval: ratio?.interval(confidence: options.confidence).map { Interval($0) },
          cap: cap.isFinite ? cap : nil)
      })
  }
}
