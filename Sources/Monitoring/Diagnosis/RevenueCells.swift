/// A table summed to cells: one for each combination of dimension values, with its measures before and in the window of
/// every day. Days are the reference days in ascending order, then the day in question.
struct RevenueCells {
  enum Phase: Int, CaseIterable {
    case before, window
  }

  let dimensions: [String]
  /// The values of each dimension, ascending, so that nothing depends on the order of the rows.
  let values: [[String]]
  /// By dimension, then cell.
  let codes: [[Int]]
  let cellCount: Int
  let referenceDayCount: Int
  /// By measure, day, hour of the day's hours, then cell; never repaired.
  private let hourly: [[[[Double]]]]
  /// By measure, slice (day × 2 + phase), then cell.
  private var slices: [[[Double]]]

  var today: Int { referenceDayCount }

  func values(of measure: RevenueMeasure, day: Int, _ phase: Phase) -> [Double] {
    slices[measure.rawValue][day * 2 + phase.rawValue]
  }

  func total(of measure: RevenueMeasure, day: Int, _ phase: Phase) -> Double {
    values(of: measure, day: day, phase).reduce(0, +)
  }

  /// The sum over the cells of a place for each hour of a day.
  func hourlyTotals(of measure: RevenueMeasure, day: Int, members: [Int]) -> [Double] {
    hourly[measure.rawValue][day].map { hour in members.reduce(0) { $0 + hour[$1] } }
  }

  /// Multiplies the numerator of `signal` and all that follows from it in the window of `day`, in the cells of `place`.
  mutating func scale(_ signal: RevenueSignal, by factor: Double, day: Int, place: CausePlace) {
    let slice = day * 2 + Phase.window.rawValue
    let members = members(place)
    for measure in signal.downstream {
      for cell in members { slices[measure.rawValue][slice][cell] *= factor }
    }
  }

  func contains(_ place: CausePlace, _ cell: Int) -> Bool {
    place.terms.allSatisfy { $0.codes.contains(codes[$0.dimension][cell]) }
  }

  func members(_ place: CausePlace) -> [Int] { (0..<cellCount).filter { contains(place, $0) } }

  func names(_ place: CausePlace) -> [String: [String]] {
    place.terms.reduce(into: [:]) { names, term in
      names[dimensions[term.dimension]] = term.codes.map { values[term.dimension][$0] }
    }
  }
}

extension RevenueCells {
  /// Sums the rows of `table` that `hours` asks for.
  init(_ table: RevenueTable, hours: DiagnosisHours) {
    let order = table.values.map { names in names.indices.sorted { names[$0] < names[$1] } }
    let rank = order.map { order in
      order.enumerated().reduce(into: [Int](repeating: 0, count: order.count)) { $0[$1.element] = $1.offset }
    }
    var cellOfKey: [[Int]: Int] = [:]
    var rows: [(position: DiagnosisHours.Position, key: [Int], row: Int)] = []
    for row in 0..<table.rowCount {
      guard let position = hours.position(of: table.hours[row]) else { continue }
      let key = table.dimensions.indices.map { rank[$0][Int(table.codes[$0][row])] }
      cellOfKey[key] = 0
      rows.append((position, key, row))
    }
    let keys = cellOfKey.keys.sorted { $0.lexicographicallyPrecedes($1) }
    for (cell, key) in keys.enumerated() { cellOfKey[key] = cell }
    let none = [Double](repeating: 0, count: keys.count)
    let noHours = [[Double]](repeating: none, count: hours.beforeHourCount + hours.windowHourCount)
    hourly = RevenueMeasure.allCases.map { measure in
      var days = [[[Double]]](repeating: noHours, count: hours.referenceDays.count + 1)
      for (position, key, row) in rows {
        days[position.day][position.hour][cellOfKey[key] ?? 0] += table.measures[row][keyPath: measure.path]
      }
      return days
    }
    slices = hourly.map { days in
      days.flatMap { day in
        [day.prefix(hours.beforeHourCount), day.dropFirst(hours.beforeHourCount)].map { phase in
          phase.reduce(into: none) { sums, hour in
            for cell in sums.indices { sums[cell] += hour[cell] }
          }
        }
      }
    }
    dimensions = table.dimensions
    values = zip(table.values, order).map { names, order in order.map { names[$0] } }
    codes = table.dimensions.indices.map { dimension in keys.map { $0[dimension] } }
    cellCount = keys.count
    referenceDayCount = hours.referenceDays.count
  }
}
