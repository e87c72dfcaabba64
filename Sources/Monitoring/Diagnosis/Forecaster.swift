/// Forecasts the window of a day from the reference days and from how that day ran before the window.
///
/// A cell's rate on the reference days is multiplied by what tells their windows from the hours before (the daily cycle)
/// and by what tells this day from them before its window (the day's own wobble). Both are fitted as products of
/// dimension values' effects, so that thin cells borrow strength. Clicks are forecast from the predictions, which scatter
/// far less than clicks and share the day's wobble with them.
struct Forecaster {
  /// How freely multipliers may move: the standard deviations of their priors.
  private struct Freedom {
    let cycle: Double
    let wobble: Double
    /// Of the common multiplier; `nil` when it may be anything.
    let level: Double?

    static let usual = Self(cycle: 0.02, wobble: 0.05, level: nil)
    /// Clicks per predicted click hardly change within a day or from week to week.
    static let byPrediction = Self(cycle: 0.01, wobble: 0.02, level: 0.01)
  }

  private static let calibrationDeviation = 0.1

  var cells: RevenueCells
  var noise: [SignalNoise]

  init(_ cells: RevenueCells) {
    self.cells = cells
    noise = RevenueSignal.allCases.map(SignalNoise.assumed)
  }

  private var hasPredictions: Bool {
    (0...cells.today).allSatisfy { day in
      RevenueCells.Phase.allCases.allSatisfy { cells.total(of: .predictedClicks, day: day, $0) > 0 }
    }
  }

  func forecast(_ signal: RevenueSignal, day: Int, references: [Int]) -> SignalForecast {
    let byPrediction = signal == .ctr && hasPredictions
    let freedom = byPrediction ? Freedom.byPrediction : .usual
    let slices = References(cells, signal, days: references, byPrediction: byPrediction)
    let rates = byPrediction ? calibratedRates(slices) : slices.rates
    let units = signal == .price ? rates : [Double](repeating: 1, count: rates.count)
    func weights(_ expected: [Double]) -> [Double] { self.weights(signal, expected, units: units) }
    func cycle(_ phase: References.Sum) -> [Double] {
      let expected = product(rates, phase.denominator)
      return raking(freedom.cycle, level: freedom.level).multipliers(
        target: phase.numerator, expected: expected, weights: weights(expected))
    }
    let before = References.Sum(cells, signal, day: day, .before, byPrediction: byPrediction)
    let dueBefore = product(product(rates, cycle(slices.before)), before.denominator)
    let wobble = raking(freedom.wobble, level: freedom.level).multipliers(
      target: before.numerator, expected: dueBefore, weights: weights(dueBefore))
    let window = References.Sum(cells, signal, day: day, .window, byPrediction: false)
    var today = product(product(rates, cycle(slices.window)), wobble)
    if byPrediction { today = product(today, forecast(.prediction, day: day, references: references).rates) }
    let expected = product(today, window.denominator)
    return SignalForecast(observed: window.numerator, rates: today, expected: expected, weights: weights(expected))
  }

  private func weights(_ signal: RevenueSignal, _ expected: [Double], units: [Double]) -> [Double] {
    let noise = noise[signal.rawValue]
    return zip(expected, units).map { expected, unit in
      guard unit > 0 else { return 0 }
      return 1 / ((noise.dispersion + noise.deviation * noise.deviation * expected / unit) * unit)
    }
  }

  private func calibratedRates(_ references: References) -> [Double] {
    let expected = references.all.denominator
    return raking(Self.calibrationDeviation).multipliers(
      target: references.all.numerator, expected: expected, weights: [Double](repeating: 1, count: expected.count))
  }

  /// `level`: the standard deviation of the common multiplier, `nil` when it may be anything.
  func raking(_ deviation: Double, level: Double? = nil) -> Raking {
    Raking(
      codes: cells.codes, valueCounts: cells.values.map(\.count), priorDeviation: deviation, levelDeviation: level)
  }

  private func product(_ left: [Double], _ right: [Double]) -> [Double] { zip(left, right).map { $0 * $1 } }
}

/// The sums of a signal over the reference days.
fileprivate struct References {
  struct Sum {
    var numerator: [Double]
    var denominator: [Double]
  }

  let before: Sum
  let window: Sum
  let all: Sum

  init(_ cells: RevenueCells, _ signal: RevenueSignal, days: [Int], byPrediction: Bool) {
    func sum(_ phase: RevenueCells.Phase) -> Sum {
      days.map { Sum(cells, signal, day: $0, phase, byPrediction: byPrediction) }.reduce(nil, Sum.add)
        ?? Sum(numerator: [], denominator: [])
    }
    before = sum(.before)
    window = sum(.window)
    all = Sum.add(before, window)
  }

  /// Numerator over denominator for each cell; the rate of all cells where a cell has no denominator.
  var rates: [Double] {
    let total = all.denominator.reduce(0, +)
    let common = total > 0 ? all.numerator.reduce(0, +) / total : 0
    return zip(all.numerator, all.denominator).map { $1 > 0 ? $0 / $1 : common }
  }
}

extension References.Sum {
  init(
    _ cells: RevenueCells, _ signal: RevenueSignal, day: Int, _ phase: RevenueCells.Phase, byPrediction: Bool
  ) {
    numerator = cells.values(of: signal.numerator, day: day, phase)
    denominator =
      (byPrediction ? .predictedClicks : signal.denominator).map { cells.values(of: $0, day: day, phase) }
      ?? [Double](repeating: 1, count: cells.cellCount)
  }

  fileprivate static func add(_ left: Self?, _ right: Self) -> Self {
    guard let left else { return right }
    return Self(
      numerator: zip(left.numerator, right.numerator).map { $0 + $1 },
      denominator: zip(left.denominator, right.denominator).map { $0 + $1 })
  }
}
