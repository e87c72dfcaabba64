import Events
import Foundation
import GRDB
import Statistics

extension ExperimentReport {
  /// Reads the store's views and compares each arm with the first.
  ///
  /// One pass over the live impressions, in one read transaction; memory grows with units, not impressions (see
  /// ``ExperimentSample``). Only impressions with traffic `live` and events that joined them count.
  ///
  /// - throws: ``ExperimentError`` for options out of range or too many units; whatever the database throws.
  public init(_ experiment: Experiment, store: any DatabaseReader, options: ReportOptions = ReportOptions()) throws {
    try options.validate()
    let sample = try store.read { database in
      try ExperimentSample(experiment, in: database, until: options.until, pastDayCount: options.pastDayCount)
    }
    self.init(sample, options)
  }

  init(_ sample: ExperimentSample, _ options: ReportOptions) {
    let experiment = sample.experiment
    let caps = Dictionary(uniqueKeysWithValues: Metric.allCases.map { ($0, sample.cap(of: $0, options)) })
    let arms = experiment.arms.indices.map { ArmData(sample, arm: $0, caps: caps) }
    let sampleRatio = Self.sampleRatio(counts: arms.map(\.unitCount), experiment)
    let isMismatch = sampleRatio?.isMismatch ?? false
    let comparisons = ComparisonBuilder(arms: arms, options: options, isMismatch: isMismatch).comparisons()
    self.experiment = experiment.name
    version = experiment.version
    unit = experiment.unit
    status = experiment.status
    from = sample.firstTime
    through = sample.lastTime
    confidence = options.confidence
    self.arms = zip(experiment.arms, arms).map { $1.summary(of: $0, caps: caps, options) }
    self.sampleRatio = sampleRatio
    self.comparisons = comparisons
    days = Self.days(sample, options)
    crossedUnitCount = sample.units.count { $0.isCrossed }
    strayImpressionCounts = sample.strayImpressionCounts
    notes = Self.notes(sample, arms: self.arms, sampleRatio: sampleRatio, comparisons: comparisons)
  }

  private static func sampleRatio(counts: [Int], _ experiment: Experiment) -> SampleRatio? {
    let mismatch = SampleRatioMismatch(
      counts: counts.map(Double.init), plannedWeights: experiment.arms.map(\.weight),
      alpha: ReportOptions.sampleRatioAlpha)
    return mismatch.map {
      SampleRatio(
        statistic: min($0.test.statistic, .greatestFiniteMagnitude), pValue: $0.test.pValue, isMismatch: $0.isMismatch)
    }
  }

  private static func days(_ sample: ExperimentSample, _ options: ReportOptions) -> [DayEffect] {
    sample.days.sorted { $0.key < $1.key }.flatMap { day, arms in
      let ratio = sampleRatio(counts: arms.map(\.unitCount), sample.experiment)
      return arms.indices.dropFirst().flatMap { arm in
        DayMoments.metrics.compactMap { metric -> DayEffect? in
          guard let control = arms[0].ratio(metric), let treatment = arms[arm].ratio(metric),
            let effect = RatioDifference(control: control, treatment: treatment, confidence: options.confidence)
          else { return nil }
          return DayEffect(
            day: dayText(day), arm: sample.experiment.arms[arm].name, metric: metric,
            controlUnitCount: arms[0].unitCount, unitCount: arms[arm].unitCount,
            difference: effect.difference, interval: Interval(effect.interval),
            relativeDifference: effect.relative?.change,
            relativeInterval: effect.relative.map { Interval($0.interval) },
            sampleRatioPValue: ratio?.pValue)
        }
      }
    }
  }
}

/// A day since 1970 as 2026-01-31.
func dayText(_ day: Int) -> String {
  Date(timeIntervalSince1970: Double(day) * 86_400).formatted(.iso8601.year().month().day())
}

extension ExperimentSample {
  /// Where money of one unit is cut off: one value for all arms; infinite when nothing is cut.
  fileprivate func cap(of metric: Metric, _ options: ReportOptions) -> Double {
    guard metric.isMoney, let quantile = options.capQuantile else { return .infinity }
    let values = units.lazy.filter { $0.arm != Unit.noArm && !$0.isCrossed }
      .map { metric == .conversionValuePerUnit ? $0.total.conversionValue : $0.total.revenue }
    let positive = values.filter { $0 > 0 }.sorted()
    guard !positive.isEmpty else { return .infinity }
    return positive[min(positive.count, Int((quantile * Double(positive.count)).rounded(.up))) - 1]
  }
}
