import GRDB
import Statistics

extension ExperimentPower {
  /// Plans an experiment from the live impressions of the store, in one pass and one read transaction.
  ///
  /// - throws: ``ExperimentError`` for options out of range or too many units; whatever the database throws.
  public init(store: any DatabaseReader, options: PowerOptions = PowerOptions()) throws {
    try options.validate()
    let growth = try store.read { try UnitGrowth(in: $0, options) }
    unit = options.unit
    armCount = options.armCount
    share = options.share
    relativeEffect = options.relativeEffect
    alpha = options.alpha
    power = options.power
    dayCount = growth.snapshots.last?.dayCount ?? 0
    plans = Metric.allCases.map { Plan($0, growth.snapshots, options) }
  }
}

extension ExperimentPower.Plan {
  fileprivate init(_ metric: Metric, _ snapshots: [UnitGrowth.Snapshot], _ options: PowerOptions) {
    let curve = snapshots.compactMap { ExperimentPower.Point(metric, $0, options) }
    let armShare = options.share / Double(options.armCount)
    let reached = curve.first { Double($0.unitCount) * armShare >= Double($0.unitsPerArmNeeded) }
    self.metric = metric
    value = snapshots.last?.moments[metric].flatMap { RatioMetric($0) }?.ratio
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
  /// `nil` when the metric is undefined, 0 or doesn't vary.
  fileprivate init?(_ metric: Metric, _ snapshot: UnitGrowth.Snapshot, _ options: PowerOptions) {
    guard let moments = snapshot.moments[metric], let ratio = RatioMetric(moments), ratio.ratio != 0 else { return nil }
    let deviation = ratio.standardError * Double(ratio.count).squareRoot()
    let size = Power.sampleSize(
      deviation: deviation, effect: ratio.ratio * options.relativeEffect, alpha: options.alpha, power: options.power)
    guard let size else { return nil }
    dayCount = snapshot.dayCount
    unitCount = snapshot.unitCount
    unitDeviation = deviation
    unitsPerArmNeeded = size.first
    let available = Double(snapshot.unitCount) * options.share / Double(options.armCount)
    detectableEffect = options.relativeEffect * (size.exact / available).squareRoot()
  }
}
