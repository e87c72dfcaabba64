import Statistics

/// How an experiment went: each day by itself, and all that was known by then.
struct ExperimentCourse {
  /// Every day of the experiment, ascending.
  let days: ClosedRange<Int32>
  /// By arm and day: units that were first seen on the day.
  private(set) var newUnitCounts: [[Int]]
  /// By metric.
  let ratios: [Ratios]

  /// One metric by arm and day.
  struct Ratios: Sendable {
    /// The units seen on the day, with what they did on it.
    fileprivate(set) var daily: [[RunningRatio]]
    /// The units seen through the day, with all they had done.
    fileprivate(set) var cumulative: [[RunningRatio]]
  }

  /// `nil` when nobody was in the experiment.
  init?(_ sample: ExperimentUnits, metrics: [CappedMetric], arms: [ArmData]) {
    guard let days = sample.dayRange else { return nil }
    self.days = days
    newUnitCounts = arms.map { arm in
      arm.units.reduce(into: [Int](repeating: 0, count: days.count)) { counts, unit in
        counts[Int(sample.firstDays[Int(unit)] - days.lowerBound)] += 1
      }
    }
    ratios = metrics.indices.concurrentMap { metric in
      Ratios(metrics[metric], sample, base: arms[0].ratio(metric)?.ratio ?? 0, days: days, arms: arms)
    }
  }
}

extension ExperimentCourse.Ratios {
  /// - parameter base: a ratio near which all others are expected.
  fileprivate init(
    _ metric: CappedMetric, _ sample: ExperimentUnits, base: Double, days: ClosedRange<Int32>, arms: [ArmData]
  ) {
    let empty = [RunningRatio](repeating: RunningRatio(base: base), count: days.count)
    daily = arms.map { _ in empty }
    cumulative = daily
    for arm in arms.indices {
      for unit in arms[arm].units { add(Int(unit), of: arm, metric, sample, first: days.lowerBound) }
      for day in cumulative[arm].indices.dropFirst() { cumulative[arm][day] += cumulative[arm][day - 1] }
    }
  }

  private mutating func add(_ unit: Int, of arm: Int, _ metric: CappedMetric, _ sample: ExperimentUnits, first: Int32) {
    var sums = MetricSums()
    sums[.users] = 1
    var known = (x: 0.0, y: 0.0)
    cumulative[arm][Int(sample.firstDays[unit] - first)].addUnit()
    sample.forEachDay(of: unit) { day, done in
      let day = Int(day - first)
      sums += done
      let now = (x: metric.denominator(sums), y: metric.numerator(sums))
      cumulative[arm][day].move(from: known, to: now)
      known = now
      var today = done
      today[.users] = 1
      daily[arm][day].addUnit()
      daily[arm][day].move(from: (0, 0), to: (metric.denominator(today), metric.definition.numerator(today)))
    }
  }
}
