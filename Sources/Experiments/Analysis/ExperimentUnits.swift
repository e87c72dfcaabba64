import Events

/// The units of one experiment: which arm each was in, and what it did before, during and after.
struct ExperimentUnits: Sendable {
  let experiment: Experiment
  let days: UnitDays
  /// Arm of each unit of `days`, ``noArm`` or ``crossed``.
  private(set) var arms: [Int16]
  /// The day on which each unit was first in its arm.
  private(set) var firstDays: [Int32]
  /// Sums in the experiment, and in the days before it began.
  private(set) var totals: [MetricSums]
  private(set) var pasts: [MetricSums]
  /// First and last day of the experiment; `nil` when nobody was in it.
  private(set) var dayRange: ClosedRange<Int32>?
  /// Impressions of arms that the configuration doesn't have, by name.
  private(set) var strayImpressionCounts: [String: Int] = [:]
  private(set) var forcedImpressionCount = 0
  /// Place of each text of ``UnitDays/armTexts``.
  private let places: [ArmLookup.Place]
  /// What units did before isn't in the experiment.
  private let earliestDay: Int32

  /// The unit wasn't in the experiment, or in more than one arm, so that it can't be counted in either.
  static let noArm: Int16 = -1
  static let crossed: Int16 = -2

  enum Limits {
    /// Names of stray arms that are told apart.
    static let strayNameCountMax = 20
  }

  /// - parameter pastDayCount: days before the experiment's first that count as the past.
  init(_ experiment: Experiment, days: UnitDays, pastDayCount: Int) {
    self.experiment = experiment
    self.days = days
    earliestDay = .min
    var lookup = ArmLookup(experiment)
    places = days.armTexts.map { lookup.place(in: $0) }
    arms = [Int16](repeating: Self.noArm, count: days.unitCount)
    firstDays = [Int32](repeating: 0, count: days.unitCount)
    totals = [MetricSums](repeating: MetricSums(), count: days.unitCount)
    pasts = totals
    for unit in 0..<days.unitCount { assign(unit) }
    for unit in arms.indices { totals[unit][.users] = 1 }
    guard let range = dayRange else { return }
    let first = experiment.sinceMilliseconds.map { Int32(clamping: $0.dayIndex) } ?? range.lowerBound
    addPasts(Int(first) - pastDayCount..<Int(first))
  }

  /// An experiment that was never served: arms drawn for units whose traffic is known, from a day on.
  init(_ experiment: Experiment, days: UnitDays, arms drawn: [Int16], from first: Int32) {
    self.experiment = experiment
    self.days = days
    earliestDay = first
    places = days.armTexts.map { _ in .arm(0) }
    arms = [Int16](repeating: Self.noArm, count: days.unitCount)
    firstDays = [Int32](repeating: 0, count: days.unitCount)
    totals = [MetricSums](repeating: MetricSums(), count: days.unitCount)
    pasts = totals
    for unit in 0..<days.unitCount {
      totals[unit][.users] = 1
      for row in days.rows(of: unit) where row.day >= first { take(row, of: unit, arm: drawn[unit]) }
    }
    addPasts(Int.min..<Int(first))
  }

  private mutating func addPasts(_ past: Range<Int>) {
    for unit in 0..<days.unitCount where arms[unit] >= 0 {
      for row in days.rows(of: unit) where past.contains(Int(row.day)) { pasts[unit] += row.sums }
    }
  }

  private mutating func take(_ row: UnitDays.Row, of unit: Int, arm: Int16) {
    if arms[unit] == Self.noArm {
      arms[unit] = arm
      firstDays[unit] = row.day
    }
    if arms[unit] != arm { arms[unit] = Self.crossed }
    totals[unit] += row.sums
    let range = dayRange ?? row.day...row.day
    dayRange = min(range.lowerBound, row.day)...max(range.upperBound, row.day)
  }

  /// Calls `body` for each day on which a unit was in its arm, ascending, with what it did on it.
  func forEachDay(of unit: Int, _ body: (Int32, MetricSums) -> Void) {
    var today: (day: Int32, sums: MetricSums)?
    for row in days.rows(of: unit) {
      guard row.day >= earliestDay, case .arm = places[Int(row.arms)] else { continue }
      if let known = today, known.day == row.day {
        today?.sums += row.sums
      } else {
        if let today { body(today.day, today.sums) }
        today = (row.day, row.sums)
      }
    }
    if let today { body(today.day, today.sums) }
  }

  /// Units of an arm that count, ascending.
  func units(of arm: Int) -> [Int32] {
    arms.indices.lazy.filter { arms[$0] == Int16(arm) }.map { Int32($0) }
  }

  private mutating func assign(_ unit: Int) {
    for row in days.rows(of: unit) {
      switch places[Int(row.arms)] {
      case .arm(let arm): take(row, of: unit, arm: Int16(arm))
      case .forced: forcedImpressionCount += Int(row.sums[.impressions])
      case .stray(let name):
        let isKnown = strayImpressionCounts[name] != nil || strayImpressionCounts.count < Limits.strayNameCountMax
        strayImpressionCounts[isKnown ? name : "other", default: 0] += Int(row.sums[.impressions])
      case .absent: break
      }
    }
  }
}

extension Experiment.Unit {
  var plural: String { rawValue + "s" }
}
