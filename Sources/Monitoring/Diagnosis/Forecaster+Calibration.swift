import Foundation

extension Forecaster {
  /// A reference day whose window was itself unusual, and was put right before it served as a reference.
  struct Repair {
    let day: Int
    let signal: RevenueSignal
    let shift: Shift
  }

  static let repairCountMax = 4
  private static let repairScoreMin = 12.0
  private static let repairLogRatioMin = 0.1

  /// Learns from the reference days, each forecast from the others, how cells scatter, and repairs unusual windows.
  mutating func calibrate() -> [Repair] {
    guard cells.referenceDayCount > 1 else { return [] }
    learnNoise()
    var repairs: [Repair] = []
    var worst: [RevenueSignal: Repair] = [:]
    var stale = RevenueSignal.allCases
    while repairs.count < Self.repairCountMax, let repair = nextRepair(&worst, stale: stale) {
      cells.scale(repair.signal, by: 1 / repair.shift.ratio, day: repair.day, place: repair.shift.place)
      repairs.append(repair)
      stale = repair.signal == .prediction ? [.prediction, .ctr] : [repair.signal]
    }
    if !repairs.isEmpty { learnNoise() }
    return repairs
  }

  /// How much further dimension values scatter than their counts explain, seen on the reference days. At least 1.
  func inflation(_ signal: RevenueSignal) -> Double {
    guard cells.referenceDayCount > 1 else { return 1 }
    var squares: [Double] = []
    for day in 0..<cells.referenceDayCount {
      let tally = Tally(leaveOneOut(signal, day: day), cells, without: [])
      for counts in tally.values.joined() where counts.expected >= 5 {
        let difference = counts.observed - counts.expected
        squares.append(difference * difference / counts.expected)
      }
    }
    squares.sort()
    guard !squares.isEmpty else { return 1 }
    return max(1, squares[squares.count / 2] / Self.medianOfSquaredNormal)
  }

  private static let medianOfSquaredNormal = 0.4549

  private func leaveOneOut(_ signal: RevenueSignal, day: Int) -> SignalForecast {
    forecast(signal, day: day, references: (0..<cells.referenceDayCount).filter { $0 != day })
  }

  private mutating func learnNoise() {
    for signal in RevenueSignal.allCases {
      if let learned = learnedNoise(signal) { noise[signal.rawValue] = learned }
    }
  }

  /// Fits variance/mean = dispersion + deviation² × mean to the cells' residuals, those of small and of large cells.
  private func learnedNoise(_ signal: RevenueSignal) -> SignalNoise? {
    var points: [(mean: Double, square: Double)] = []
    let parameterCount = cells.values.reduce(1) { $0 + $1.count - 1 }
    guard cells.cellCount > parameterCount else { return nil }
    let freedom = Double(cells.cellCount) / Double(cells.cellCount - parameterCount)
    for day in 0..<cells.referenceDayCount {
      let forecast = leaveOneOut(signal, day: day)
      let level = raking(0.3).multipliers(
        target: forecast.observed, expected: forecast.expected, weights: forecast.weights)
      for cell in forecast.expected.indices where forecast.rates[cell] > 0 {
        let unit = signal == .price ? forecast.rates[cell] : 1
        let mean = forecast.expected[cell] * level[cell] / unit
        guard mean > 0.5 else { continue }
        let difference = forecast.observed[cell] / unit - mean
        points.append((mean, freedom * difference * difference / mean))
      }
    }
    guard points.count >= 40 else { return nil }
    points.sort { $0.mean < $1.mean }
    let (small, large) = (Self.typical(points.prefix(points.count / 2)), Self.typical(points.suffix(points.count / 2)))
    let floor = SignalNoise.dispersionMin(signal)
    guard large.square > 1.2 * max(small.square, floor), large.mean > small.mean else {
      return SignalNoise(dispersion: max(floor, (small.square + large.square) / 2), deviation: 0)
    }
    let slope = (large.square - max(small.square, floor)) / (large.mean - small.mean)
    return SignalNoise(dispersion: max(floor, small.square - slope * small.mean), deviation: slope.squareRoot())
  }

  /// Means without the two hundredths that scatter most.
  private static func typical(_ points: ArraySlice<(mean: Double, square: Double)>) -> (mean: Double, square: Double) {
    let kept = points.sorted { $0.square < $1.square }.prefix(points.count - points.count / 50)
    let count = Double(max(1, kept.count))
    return (kept.reduce(0) { $0 + $1.mean } / count, kept.reduce(0) { $0 + $1.square } / count)
  }

  /// The largest shift of a reference day against the others. Needs three, to tell which of them is the odd one. `worst`
  /// keeps the largest of each signal; those of `stale` signals are looked for again.
  private func nextRepair(_ worst: inout [RevenueSignal: Repair], stale: [RevenueSignal]) -> Repair? {
    guard cells.referenceDayCount > 2 else { return nil }
    let search = ShiftSearch(cells: cells, scoreMin: Self.repairScoreMin, logRatioMin: Self.repairLogRatioMin)
    for signal in stale {
      worst[signal] = nil
      for day in 0..<cells.referenceDayCount {
        guard let shift = search.best(Tally(leaveOneOut(signal, day: day), cells, without: [])) else { continue }
        guard shift.score > worst[signal]?.shift.score ?? 0 else { continue }
        worst[signal] = Repair(day: day, signal: signal, shift: shift)
      }
    }
    return RevenueSignal.allCases.compactMap { worst[$0] }.max { $0.shift.score < $1.shift.score }
  }
}
