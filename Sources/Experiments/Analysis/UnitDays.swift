/// What units (users or requests) did on each day: what every analysis of experiments starts from.
///
/// Rows lie in the order of unit, day and arms. Memory is about 150 bytes a row; ``Limits`` bounds the rows.
struct UnitDays: Sendable {
  /// What one unit did on one day while it was in one set of arms.
  struct Row {
    /// Days since 1970-01-01 UTC (hours, where those were asked for).
    var day: Int32
    /// Index into ``UnitDays/armTexts``.
    var arms: Int32
    var sums: MetricSums
  }

  enum Limits {
    /// Units with their days in one analysis.
    static let rowCountMax = 40_000_000
  }

  /// The distinct texts of the events' experiments.
  let armTexts: [String]
  let rows: [Row]
  /// Each unit's part by a context field, when one was asked for.
  var segments: UnitSegments?
  /// Where each unit's rows begin, and the end of the last.
  private let starts: [Int32]

  var unitCount: Int { starts.count - 1 }

  /// The newest day of any unit.
  var lastDay: Int32? { rows.lazy.map(\.day).max() }

  func range(of unit: Int) -> Range<Int> { Int(starts[unit])..<Int(starts[unit + 1]) }

  func rows(of unit: Int) -> ArraySlice<Row> { rows[range(of: unit)] }
}

extension UnitDays {
  /// The same of some of the units, given in ascending order.
  func only(_ units: [Int]) -> UnitDays {
    var chosen: [Row] = []
    var starts: [Int32] = [0]
    for unit in units {
      chosen += rows(of: unit)
      starts.append(Int32(chosen.count))
    }
    return UnitDays(armTexts: armTexts, rows: chosen, starts: starts)
  }

  /// Gathers rows that come in any order.
  struct Builder {
    private var rows: [Row] = []
    private var units: [Int32] = []
    /// The latest row of each unit.
    private var latest: [Int32] = []
    private var armTexts: [String] = []
    private var armIndices: [String: Int32] = [:]

    mutating func arms(_ text: String) -> Int32 {
      if let index = armIndices[text] { return index }
      let index = Int32(armTexts.count)
      armTexts.append(text)
      armIndices[text] = index
      return index
    }

    /// - parameter unit: dense, from 0.
    mutating func add(unit: Int, day: Int32, arms: Int32, _ change: (inout MetricSums) -> Void) throws {
      while latest.count <= unit { latest.append(-1) }
      let last = Int(latest[unit])
      if last >= 0, rows[last].day == day, rows[last].arms == arms { return change(&rows[last].sums) }
      guard rows.count < Limits.rowCountMax else {
        throw ExperimentError("there are more than \(Limits.rowCountMax) days of units: look at fewer days")
      }
      var row = Row(day: day, arms: arms, sums: MetricSums())
      change(&row.sums)
      latest[unit] = Int32(rows.count)
      units.append(Int32(unit))
      rows.append(row)
    }

    /// The rows in order, those of the same unit, day and arms added up.
    func build() -> UnitDays {
      let (ordered, bounds) = sorted()
      var rows: [Row] = []
      rows.reserveCapacity(ordered.count)
      var starts: [Int32] = [0]
      starts.reserveCapacity(bounds.count)
      for unit in latest.indices {
        let first = rows.count
        for row in ordered[Int(bounds[unit])..<Int(bounds[unit + 1])] {
          if rows.count > first, rows[rows.count - 1].hasKey(of: row) {
            rows[rows.count - 1].sums += row.sums
          } else {
            rows.append(row)
          }
        }
        starts.append(Int32(rows.count))
      }
      return UnitDays(armTexts: armTexts, rows: rows, starts: starts)
    }

    /// A counting sort by unit; each unit's rows, which mostly come in order, by day.
    private func sorted() -> (rows: [Row], bounds: [Int32]) {
      var bounds = [Int32](repeating: 0, count: latest.count + 1)
      for unit in units { bounds[Int(unit) + 1] += 1 }
      for unit in latest.indices { bounds[unit + 1] += bounds[unit] }
      var next = bounds
      var sorted = rows
      for (unit, row) in zip(units, rows) {
        sorted[Int(next[Int(unit)])] = row
        next[Int(unit)] += 1
      }
      for unit in latest.indices {
        let range = Int(bounds[unit])..<Int(bounds[unit + 1])
        if !sorted[range].isAscending { sorted[range].sort(by: Row.precedes) }
      }
      return (sorted, bounds)
    }
  }
}

extension UnitDays.Row {
  fileprivate func hasKey(of other: Self) -> Bool { day == other.day && arms == other.arms }

  fileprivate static func precedes(_ left: Self, _ right: Self) -> Bool {
    (left.day, left.arms) < (right.day, right.arms)
  }
}

extension ArraySlice<UnitDays.Row> {
  fileprivate var isAscending: Bool {
    zip(self, dropFirst()).allSatisfy { !UnitDays.Row.precedes($1, $0) }
  }
}
