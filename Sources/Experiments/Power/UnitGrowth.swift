import Events
import GRDB
import Statistics

/// What the store's users had done after one day, two days, …, in one pass over its newest live impressions.
///
/// Impressions without a user are left out, since nobody could be assigned by them.
/// Memory is about 60 bytes a unit, 130 when ids are longer than 15 bytes.
struct UnitGrowth {
  private(set) var snapshots: [Snapshot] = []
  private var sums: [UnitSums] = []
  private var indices: [String: Int32] = [:]

  struct Snapshot {
    let dayCount: Int
    let unitCount: Int
    let moments: [Metric: PairedMoments]
  }

  /// Days after which a snapshot is taken, beside the last one.
  private static let snapshotDays: Set<Int> = [1, 2, 3, 5, 7, 10, 14, 21, 28, 42, 56]

  init(in database: Database, _ options: PowerOptions) throws {
    let last = try Milliseconds.fetchOne(
      database, sql: "SELECT max(time_ms) FROM impressions WHERE traffic = 'live' AND time_ms < ?",
      arguments: [options.until])
    guard let last else { return }
    let period = (last - Milliseconds(options.dayCountMax) * .day + 1)..<(last + 1)
    let reader = ImpressionReader(database: database, period: period)
    var first: Milliseconds?
    var day = 0
    try reader.forEach([options.unit == .user ? "user" : "decision"]) { row, outcome in
      let time: Milliseconds = row[ImpressionReader.timeColumn]
      first = first ?? time
      while let first, time - first >= Milliseconds(day + 1) * .day {
        day += 1
        if Self.snapshotDays.contains(day) { take(dayCount: day) }
      }
      let unit: String = row[ImpressionReader.firstColumn]
      if !unit.isEmpty { sums[try index(of: unit, options.unit)].add(outcome) }
    }
    take(dayCount: day + 1)
  }

  private mutating func take(dayCount: Int) {
    let moments = Metric.allCases.map { metric in
      (
        metric,
        PairedMoments(
          x: sums.map { metric.denominator($0) }, y: sums.map { metric.numerator($0, cap: .infinity) })
          ?? PairedMoments()
      )
    }
    snapshots.append(
      Snapshot(dayCount: dayCount, unitCount: sums.count, moments: Dictionary(uniqueKeysWithValues: moments)))
  }

  private mutating func index(of unit: String, _ kind: Experiment.Unit) throws -> Int {
    if let index = indices[unit] { return Int(index) }
    let limit = ExperimentSample.Limits.unitCountMax
    guard sums.count < limit else {
      throw ExperimentError("there are more than \(limit) \(kind.plural): take fewer days")
    }
    indices[unit] = Int32(sums.count)
    sums.append(UnitSums())
    return sums.count - 1
  }
}
