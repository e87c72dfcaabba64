import Foundation

/// Finds the few places whose common shifts explain how a signal's cells differ from their forecast.
///
/// A place that explains all its cells beats its parents, whose other cells don't share the shift, and its children, which
/// leave some of it unexplained. Of two places that fit alike, the simpler wins: each pays the logarithm of the number of
/// places of its form. Shifts are added one at a time, and after each the earlier ones are fitted again.
struct ShiftSearch {
  static let shiftCountMax = 6
  /// Two dimensions are crossed when they make no more than this many combinations of values.
  static let crossCountMax = 100_000
  private static let pairedValueCountMax = 8
  private let pairPenalty = 4.0

  let cells: RevenueCells
  /// The price, in nats, of naming the whole site.
  var everywherePenalty = 1.0
  /// By how much more for the whole site, whose level before the window is not borrowed from anything.
  var everywhereInflation = 1.0
  /// A shift must beat its penalty by this many nats.
  var scoreMin = 6.0
  /// Shifts smaller than this (in logarithms) are of no interest.
  var logRatioMin = 0.04
  /// By how much deviances overstate what they are worth: 1 when the forecast is exact.
  var inflation = 1.0
  /// Nats granted to places that another signal points at.
  var hints: [CausePlace: Double] = [:]

  /// Shifts in the order they were found, strongest first. Starting once from the best place and once from the whole site
  /// finds a common shift with an exception, too: the set that explains more wins.
  func shifts(_ forecast: SignalForecast) -> [Shift] {
    let plain = grow([], forecast)
    guard !plain.isEmpty, !plain.contains(where: { $0.place == .everywhere }),
      let everywhere = Tally(forecast, cells, without: []).shift(at: .everywhere, penalty: everywherePenalty),
      isAcceptable(everywhere)
    else { return plain }
    let common = grow([everywhere], forecast)
    return worth(common, forecast) > worth(plain, forecast) ? common : plain
  }

  private func grow(_ start: [Shift], _ forecast: SignalForecast) -> [Shift] {
    var shifts = start
    while shifts.count < Self.shiftCountMax {
      guard let next = best(Tally(forecast, cells, without: shifts)) else { break }
      shifts.append(next)
      refine(&shifts, forecast)
    }
    merge(&shifts, forecast)
    return shifts
  }

  /// The log-likelihood that all shifts together gain, less their penalties and what each had to beat.
  private func worth(_ shifts: [Shift], _ forecast: SignalForecast) -> Double {
    var gain = 0.0
    for cell in forecast.expected.indices where forecast.expected[cell] > 0 {
      let ratio = shifts.reduce(1) { cells.contains($1.place, cell) ? $0 * $1.ratio : $0 }
      let weight = forecast.weights[cell]
      gain += weight * (forecast.observed[cell] * log(ratio) - forecast.expected[cell] * (ratio - 1))
    }
    return gain / inflation - shifts.reduce(0) { $0 + $1.penalty + scoreMin - (hints[$1.place] ?? 0) }
  }

  /// Makes one shift of two in single values of a dimension that moved alike.
  private func merge(_ shifts: inout [Shift], _ forecast: SignalForecast) {
    for first in shifts.indices {
      for second in shifts.indices.dropFirst(first + 1) {
        let (a, b) = (shifts[first], shifts[second])
        guard a.place.isSingleValue, b.place.isSingleValue, a.place.terms[0].dimension == b.place.terms[0].dimension,
          hints[a.place] == nil, hints[b.place] == nil
        else { continue }
        let others = shifts.enumerated().filter { $0.offset != first && $0.offset != second }.map(\.element)
        let tally = Tally(forecast, cells, without: others)
        let codes = a.place.terms[0].codes + b.place.terms[0].codes
        guard tally.moveAlike(a, b),
          let both = tally.shift(
            at: CausePlace(dimension: a.place.terms[0].dimension, codes: codes), penalty: a.penalty + pairPenalty)
        else { continue }
        shifts = [both] + others
        return
      }
    }
  }

  /// Fits every shift again beside the others, at a better place if there is one.
  private func refine(_ shifts: inout [Shift], _ forecast: SignalForecast) {
    guard shifts.count > 1 else { return }
    for _ in 0..<2 {
      for index in shifts.indices {
        var others = shifts
        let old = others.remove(at: index)
        let tally = Tally(forecast, cells, without: others)
        guard let now = tally.shift(at: old.place, penalty: old.penalty) else { continue }
        let better = best(tally)
        let isTaken = others.contains { $0.place == better?.place }
        shifts[index] = better.flatMap { !isTaken && value($0) > value(now) + 1 ? $0 : nil } ?? now
      }
    }
    shifts.removeAll { !isAcceptable($0) }
  }

  private func value(_ shift: Shift) -> Double { shift.score + (hints[shift.place] ?? 0) }

  private func isAcceptable(_ shift: Shift) -> Bool {
    let inflation = inflation * (shift.place == .everywhere ? everywhereInflation : 1)
    return shift.deviance / inflation - shift.penalty + (hints[shift.place] ?? 0) >= scoreMin
      && log(shift.ratio).magnitude >= logRatioMin
  }

  /// The place with the highest value of those that are significant.
  func best(_ tally: Tally) -> Shift? {
    candidates(tally).filter(isAcceptable).reduce(nil) { best, next in
      guard let best, value(best) >= value(next) else { return next }
      return best
    }
  }

  private func candidates(_ tally: Tally) -> [Shift] {
    let valueCount = Double(max(2, cells.values.reduce(0) { $0 + $1.count }))
    var found = [tally.shift(at: .everywhere, penalty: everywherePenalty)]
    for dimension in cells.dimensions.indices {
      let singles = cells.values[dimension].indices.map {
        tally.shift(at: CausePlace(dimension: dimension, code: $0), penalty: log(valueCount))
      }
      found += singles + pairs(singles.compactMap { $0 }, tally, penalty: log(valueCount) + pairPenalty)
    }
    let crossCount = tally.crosses.reduce(0) { $0 + $1.combinationCount }
    let penalty = log(Double(max(2, crossCount))) + 1
    for cross in tally.crosses { found += cross.shifts(penalty: penalty) }
    return found.compactMap { $0 }
  }

  /// Two values of one dimension that moved alike.
  private func pairs(_ singles: [Shift], _ tally: Tally, penalty: Double) -> [Shift?] {
    let strong = singles.filter { $0.deviance > 2 }.sorted { $0.deviance > $1.deviance }
      .prefix(Self.pairedValueCountMax)
    guard cells.values[singles.first?.place.terms[0].dimension ?? 0].count > 2 else { return [] }
    return strong.indices.flatMap { first in
      strong.indices.dropFirst(first + 1).map { second in
        let (a, b) = (strong[first], strong[second])
        guard tally.moveAlike(a, b) else { return nil }
        let term = a.place.terms[0]
        return tally.shift(
          at: CausePlace(dimension: term.dimension, codes: term.codes + b.place.terms[0].codes), penalty: penalty)
      }
    }
  }
}
