import Foundation

/// The day in question hour by hour against the reference days.
struct HourlyRevenue {
  let cells: RevenueCells
  let hours: DiagnosisHours

  /// Revenue and its forecast; `forecast` is that of the whole window, spread as on the reference days.
  func hours(forecast: Double) -> [DiagnosisReport.Hour] {
    let actual = sums(day: cells.today, .revenue, place: .everywhere)
    let usual = referenceSums(.revenue, place: .everywhere)
    let before = 0..<hours.beforeHourCount
    let window = hours.beforeHourCount..<actual.count
    let level = before.reduce(0) { $0 + actual[$1] } / max(before.reduce(0) { $0 + usual[$1] }, .leastNormalMagnitude)
    let windowLevel = forecast / max(window.reduce(0) { $0 + usual[$1] }, .leastNormalMagnitude)
    return hours.hours.enumerated().map { index, hour in
      DiagnosisReport.Hour(
        hour: hour, revenue: actual[index], forecast: usual[index] * (window.contains(index) ? windowLevel : level),
        isInWindow: window.contains(index))
    }
  }

  /// A factor of a place: as on the reference days, at this day's level before the window and at the forecast's level in it.
  func factor(
    _ factor: RevenueFactor, _ signal: RevenueSignal, _ forecast: SignalForecast, place: CausePlace
  ) -> FactorSeries {
    let day = sums(day: cells.today, signal.numerator, place: place)
    let units = signal.denominator.map { sums(day: cells.today, $0, place: place) }
    let usual = referenceSums(signal.numerator, place: place)
    let usualUnits = signal.denominator.map { referenceSums($0, place: place) }
    func rate(_ numerator: [Double], _ denominator: [Double]?, _ range: Range<Int>) -> Double? {
      let sum = numerator[range].reduce(0, +)
      guard let denominator else { return sum / Double(range.count) }
      let units = denominator[range].reduce(0, +)
      return units > 0 ? sum / units : nil
    }
    func level(_ now: Double?, _ range: Range<Int>) -> Double? {
      guard let now, let before = rate(usual, usualUnits, range), before > 0 else { return nil }
      return now / before
    }
    let before = 0..<hours.beforeHourCount
    let window = hours.beforeHourCount..<day.count
    let expected = cells.members(place).reduce(0) { $0 + forecast.expected[$1] }
    let unitsInWindow = units?[window].reduce(0, +) ?? Double(window.count)
    let levelBefore = level(rate(day, units, before), before)
    let levelInWindow = level(unitsInWindow > 0 ? expected / unitsInWindow : nil, window)
    return FactorSeries(
      factor: factor, values: day.indices.map { rate(day, units, $0..<$0 + 1) },
      expected: day.indices.map { hour in
        guard let level = window.contains(hour) ? levelInWindow : levelBefore else { return nil }
        return rate(usual, usualUnits, hour..<hour + 1).map { $0 * level }
      })
  }

  /// The hour from which a shifted signal is best told from the hours before: two levels, most likely split.
  func changePoint(_ shift: Shift, _ signal: RevenueSignal) -> UTCHour {
    let observed = sums(day: cells.today, signal.numerator, place: shift.place)
    var expected = referenceSums(signal.numerator, place: shift.place)
    if let denominator = signal.denominator {
      let usual = referenceSums(denominator, place: shift.place)
      let actual = sums(day: cells.today, denominator, place: shift.place)
      for hour in expected.indices { expected[hour] *= usual[hour] > 0 ? actual[hour] / usual[hour] : 0 }
    }
    let scale = observed.reduce(0, +) / max(expected.reduce(0, +), .leastNormalMagnitude)
    var best = (hour: hours.beforeHourCount, gain: 0.0)
    for split in 1..<expected.count {
      let (before, after) = (0..<split, split..<expected.count)
      func level(_ range: Range<Int>) -> (observed: Double, expected: Double) {
        range.reduce((0, 0)) { ($0.0 + observed[$1], $0.1 + expected[$1] * scale) }
      }
      let (was, now) = (level(before), level(after))
      guard was.observed * now.expected > now.observed * was.expected else { continue }
      let gain =
        Shift.deviance(observed: was.observed, expected: was.expected)
        + Shift.deviance(observed: now.observed, expected: now.expected)
      if gain > best.gain { best = (split, gain) }
    }
    return hours.hours[best.hour]
  }

  private func sums(day: Int, _ measure: RevenueMeasure, place: CausePlace) -> [Double] {
    cells.hourlyTotals(of: measure, day: day, members: cells.members(place))
  }

  private func referenceSums(_ measure: RevenueMeasure, place: CausePlace) -> [Double] {
    (0..<cells.referenceDayCount).reduce(into: [Double](repeating: 0, count: hours.hours.count)) { sum, day in
      for (hour, value) in sums(day: day, measure, place: place).enumerated() { sum[hour] += value }
    }
  }
}
