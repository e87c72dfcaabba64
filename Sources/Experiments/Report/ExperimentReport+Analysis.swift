import Events
import Foundation
import GRDB
import Statistics

extension ExperimentReport {
  /// Reads the store's sums of users and compares each arm with the first.
  ///
  /// In one read transaction; memory grows with users and their days, not impressions (see ``UnitDays``). Only live traffic
  /// and events that joined it count.
  ///
  /// - throws: ``ExperimentError`` for options out of range or too many units; whatever the database throws.
  public init(
    _ experiment: Experiment, store: any DatabaseReader, metrics: MetricSet = .standard,
    options: ReportOptions = ReportOptions()
  ) throws {
    try options.validate()
    let days = try store.read { try UnitDays(of: experiment, in: $0, options) }
    let sample = ExperimentUnits(experiment, days: days, pastDayCount: options.pastDayCount)
    self.init(sample, metrics: metrics, options)
  }

  init(_ sample: ExperimentUnits, metrics definitions: MetricSet, _ options: ReportOptions) {
    let experiment = sample.experiment
    let metrics = definitions.metrics.map { CappedMetric($0, quantile: options.capQuantile, in: sample) }
    let arms = experiment.arms.enumerated().map { index, arm in
      ArmData(sample, name: arm.name, units: sample.units(of: index), metrics: metrics)
    }
    let course = ExperimentCourse(sample, metrics: metrics, arms: arms)
    let sampleRatio = SampleRatio(course, arms: experiment.arms)
    let isMismatch = sampleRatio?.isMismatch ?? false
    let builder = ComparisonBuilder(metrics: metrics, options: options, isMismatch: isMismatch)
    let looks = course.map { CourseEffects($0, arms: arms, metrics: metrics, options) }
    let smallest = looks?.smallestPValues ?? [:]
    let segments = SegmentSplit.splits(sample, arms: arms, metrics: metrics)
    self.experiment = experiment.name
    version = experiment.version
    unit = experiment.unit
    status = experiment.status
    firstDay = sample.dayRange.map { dayText(Int($0.lowerBound)) }
    lastDay = sample.dayRange.map { dayText(Int($0.upperBound)) }
    confidence = options.confidence
    self.metrics = definitions.metrics
    self.arms = zip(experiment.arms, arms).map { $1.summary(of: $0, options) }
    self.sampleRatio = sampleRatio
    comparisons = builder.comparisons([arms], looks: smallest)[0]
    longTerm = LongTermEffect.effects(
      sample, arms: arms, metrics: metrics, isMismatch: isMismatch, options)
    days = looks?.days ?? []
    self.segments = zip(segments, builder.comparisons(segments.map(\.arms))).map { segment, comparisons in
      Segment(
        field: segment.field, value: segment.value, unitCounts: segment.arms.map(\.unitCount), comparisons: comparisons)
    }
    crossedUnitCount = sample.arms.count { $0 == ExperimentUnits.crossed }
    strayImpressionCounts = sample.strayImpressionCounts
    notes = []
    notes = notes(sample)
  }
}

/// A day since 1970 as 2026-01-31.
func dayText(_ day: Int) -> String {
  Date(timeIntervalSince1970: Double(day) * 86_400).formatted(.iso8601.year().month().day())
}
