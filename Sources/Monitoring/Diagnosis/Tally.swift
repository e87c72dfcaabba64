import Foundation

/// Observed and expected counts of a signal, summed for every dimension value and every cross of two.
struct Tally {
  struct Counts {
    var observed = 0.0
    var expected = 0.0

    func shift(at place: CausePlace, penalty: Double) -> Shift? {
      guard expected > 0 else { return nil }
      return Shift(
        place: place, ratio: max(observed, 0.5) / expected,
        deviance: Shift.deviance(observed: observed, expected: expected), penalty: penalty)
    }
  }

  /// The counts of all combinations of the values of two dimensions.
  struct Cross {
    let first: Int
    let second: Int
    let secondCount: Int
    var counts: [Counts]

    var combinationCount: Int { counts.count }

    func shifts(penalty: Double) -> [Shift?] {
      counts.enumerated().map { index, counts in
        guard counts.expected > 0 else { return nil }
        let place = CausePlace((first, index / secondCount), (second, index % secondCount))
        return counts.shift(at: place, penalty: penalty)
      }
    }
  }

  private(set) var total = Counts()
  private(set) var values: [[Counts]]
  private(set) var crosses: [Cross] = []

  /// Counts are weighted, and expected ones take the shifts already found into account.
  init(_ forecast: SignalForecast, _ cells: RevenueCells, without shifts: [Shift]) {
    var expected = zip(forecast.expected, forecast.weights).map { $0 * $1 }
    for shift in shifts {
      for cell in expected.indices where cells.contains(shift.place, cell) { expected[cell] *= shift.ratio }
    }
    let cellCounts = expected.indices.map { cell in
      guard expected[cell] > 0 else { return Counts() }
      return Counts(observed: forecast.observed[cell] * forecast.weights[cell], expected: expected[cell])
    }
    values = cells.values.map { [Counts](repeating: Counts(), count: $0.count) }
    for counts in cellCounts { total.add(counts) }
    for (dimension, codes) in cells.codes.enumerated() {
      for (cell, code) in codes.enumerated() { values[dimension][code].add(cellCounts[cell]) }
    }
    for first in cells.codes.indices {
      for second in cells.codes.indices.dropFirst(first + 1) {
        let (rows, columns) = (cells.values[first].count, cells.values[second].count)
        guard rows * columns <= ShiftSearch.crossCountMax else { continue }
        var counts = [Counts](repeating: Counts(), count: rows * columns)
        for cell in cellCounts.indices {
          counts[cells.codes[first][cell] * columns + cells.codes[second][cell]].add(cellCounts[cell])
        }
        crosses.append(Cross(first: first, second: second, secondCount: columns, counts: counts))
      }
    }
  }

  func counts(_ place: CausePlace) -> Counts {
    guard let first = place.terms.first else { return total }
    guard place.terms.count == 2 else {
      return first.codes.reduce(into: Counts()) { $0.add(values[first.dimension][$1]) }
    }
    let second = place.terms[1]
    let cross = crosses.first { $0.first == first.dimension && $0.second == second.dimension }
    return cross.map { $0.counts[first.codes[0] * $0.secondCount + second.codes[0]] } ?? Counts()
  }

  func shift(at place: CausePlace, penalty: Double) -> Shift? {
    counts(place).shift(at: place, penalty: penalty)
  }

  /// Did two places move in one direction and, within their noise or a third, equally far?
  func moveAlike(_ a: Shift, _ b: Shift) -> Bool {
    let (left, right) = (log(a.ratio), log(b.ratio))
    guard left * right > 0 else { return false }
    let (first, second) = (counts(a.place), counts(b.place))
    let error = (1 / max(first.observed, 1) + 1 / max(second.observed, 1)).squareRoot()
    return (left - right).magnitude <= max(0.35 * max(left.magnitude, right.magnitude), 2.5 * error)
  }
}

extension Tally.Counts {
  mutating func add(_ other: Self) {
    observed += other.observed
    expected += other.expected
  }
}
