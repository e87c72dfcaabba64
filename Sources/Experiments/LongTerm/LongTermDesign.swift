/// Which days of which users are compared to tell what users learn.
///
/// Only users count whose windows lie within the experiment, chosen by their first day alone, which no arm can change.
/// Who doesn't come back counts with 0.
struct LongTermDesign {
  let kind: LongTermEffect.Design
  let windowDayCount: Int
  /// The newest first day of the users that count.
  let lastFirstDay: Int32
  /// The days of the later window.
  let late: ClosedRange<Int32>
  /// Whether rows in the later window are of the experiment's arms.
  var isLateInArm: Bool { kind == .cohort }

  /// Days of a window at most: whole weeks have every day of the week.
  static let windowDayCountMax = 7
  /// An experiment of fewer days tells nothing about learning.
  static let dayCountMin = 4
  static let yearDayCount = 365.0

  /// The post-period when the experiment is stopped and the store has days after it, else the cohorts; `nil` for too short an experiment.
  init?(_ sample: ExperimentUnits) {
    guard let days = sample.dayRange, days.count >= Self.dayCountMin, let lastDay = sample.days.lastDay else {
      return nil
    }
    let window = max(1, min(Self.windowDayCountMax, days.count / 4))
    windowDayCount = window
    if sample.experiment.status == .stopped, lastDay > days.upperBound {
      kind = .postPeriod
      late = days.upperBound + 1...min(lastDay, days.upperBound + Int32(Self.windowDayCountMax))
      lastFirstDay = days.upperBound - Int32(window) + 1
    } else {
      kind = .cohort
      late = days.upperBound - Int32(window) + 1...days.upperBound
      lastFirstDay = late.lowerBound - Int32(window)
    }
  }

  /// What a unit did in its first days, and in the later window.
  func windows(of unit: Int, _ sample: ExperimentUnits) -> (early: MetricSums, late: MetricSums) {
    var early = MetricSums()
    let end = sample.firstDays[unit] + Int32(windowDayCount)
    var later = MetricSums()
    sample.forEachDay(of: unit) { day, sums in
      if day < end { early += sums }
      if isLateInArm, late.contains(day) { later += sums }
    }
    if !isLateInArm {
      for row in sample.days.rows(of: unit) where late.contains(row.day) { later += row.sums }
    }
    early[.users] = 1
    later[.users] = 1
    return (early, later)
  }

  /// Days between a unit's exposure in the two windows.
  func exposureDayCount(of unit: Int, _ sample: ExperimentUnits) -> Double {
    let first = Double(sample.firstDays[unit])
    guard kind == .cohort else { return Double(late.lowerBound) - first }
    return (Double(late.lowerBound) + Double(late.upperBound)) / 2 - first - Double(windowDayCount - 1) / 2
  }
}
