import GRDB
import Statistics

extension ExperimentPower {
  /// Plans an experiment from the live traffic of the store's newest days, in one read transaction.
  ///
  /// - throws: ``ExperimentError`` for options out of range or too many units; whatever the database throws.
  public init(
    store: any DatabaseReader, metrics: MetricSet = .standard, options: PowerOptions = PowerOptions()
  ) throws {
    try options.validate()
    let days = try store.read {
      try UnitDays(newest: options.dayCountMax, until: options.until, unit: options.unit, in: $0)
    }
    let growth = UnitGrowth(days, metrics: metrics.metrics)
    unit = options.unit
    armCount = options.armCount
    share = options.share
    relativeEffect = options.relativeEffect
    alpha = options.alpha
    power = options.power
    dayCount = growth.dayCount
    plans = metrics.metrics.indices.map { Plan(metrics.metrics[$0], growth.ratios[$0], growth.unitCounts, options) }
  }

  /// Days after which the curve has a point, beside the last one.
  static let pointDays: Set<Int> = [1, 2, 3, 5, 7, 10, 14, 21, 28, 42, 56]
}

extension ExperimentPower.Plan {
  fileprivate init(
    _ metric: MetricDefinition, _ ratios: [RatioMetric?], _ unitCounts: [Int], _ options: PowerOptions
  ) {
    let curve = ratios.indices.compactMap { day -> ExperimentPower.Point? in
      guard ExperimentPower.pointDays.contains(day + 1) || day == ratios.count - 1, let ratio = ratios[day] else {
        return nil
      }
      return ExperimentPower.Point(ratio, dayCount: day + 1, unitCount: unitCounts[day], options)
    }
    let armShare = options.share / Double(options.armCount)
    let reached = curve.first { Double($0.unitCount) * armShare >= Double($0.unitsPerArmNeeded) }
    self.metric = metric
    value = ratios.last??.ratio
    self.curve = curve
    unitsPerArm = (reached ?? curve.last)?.unitsPerArmNeeded
    isExtrapolated = reached == nil
    dayCount = reached?.dayCount ?? Self.extrapolatedDayCount(curve, armShare: armShare)
  }

  /// Days until the newest need is met when new units keep coming as in the second half of the curve.
  private static func extrapolatedDayCount(_ curve: [ExperimentPower.Point], armShare: Double) -> Int? {
    guard let last = curve.last, let middle = curve.last(where: { $0.dayCount <= last.dayCount / 2 }) else {
      return nil
    }
    let rate = Double(last.unitCount - middle.unitCount) / Double(last.dayCount - middle.dayCount)
    let missing = Double(last.unitsPerArmNeeded) / armShare - Double(last.unitCount)
    guard rate > 0, missing / rate < 36_500 else { return nil }
    return last.dayCount + Int((missing / rate).rounded(.up))
  }
}

extension ExperimentPower.Point {
  /// `nil` when the metric is 0 or doesn't vary.
  fileprivate init?(_ ratio: RatioMetric, dayCount: Int, unitCount: Int, _ options: PowerOptions) {
    guard ratio.ratio != 0 else { return nil }
    let deviation = ratio.standardError * Double(ratio.count).squareRoot()
    let size = Power.sampleSize(
      deviation: deviation, effect: ratio.ratio * options.relativeEffect, alpha: options.alpha, power: options.power)
    guard let size else { return nil }
    self.dayCount = dayCount
    self.unitCount = unitCount
    unitDeviation = deviation
    unitsPerArmNeeded = size.first
    let available = Double(unitCount) * options.share / Double(options.armCount)
    detectableEffect = options.relativeEffect * (size.exact / available).squareRoot()
  }
}
