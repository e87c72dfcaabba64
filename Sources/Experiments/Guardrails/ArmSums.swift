import Events
import GRDB
import Statistics

/// Moments over the users of each arm, for each of some metrics.
struct ArmSums {
  /// One metric in one arm.
  struct Cell {
    /// (denominator, numerator) per user.
    var moments = PairedMoments()
    /// Users with a denominator.
    var userCount = 0
    /// Users with a numerator.
    var activeUserCount = 0
  }

  /// By arm and metric.
  private(set) var cells: [[Cell]]

  /// What users did in the experiment's arms since it began. Users who were seen in several arms are left out; so is the
  /// day on which a later version took the place of an earlier one.
  init(_ experiment: Experiment, metrics: [MetricDefinition], in database: Database) throws {
    cells = experiment.arms.map { _ in metrics.map { _ in Cell() } }
    var lookup = ArmLookup(experiment)
    let arms = try UserSumReader.arms(database).compactMapValues { text -> Int? in
      guard case .arm(let index) = lookup.place(in: text) else { return nil }
      return index
    }
    let first = Int64((experiment.sinceMilliseconds ?? 0).dayIndex) + (experiment.version > 1 ? 1 : 0)
    try UserSumReader(database: database, days: first...Int64.max).forEachUser { parts in
      var (arm, sums): (Int?, MetricSums) = (nil, MetricSums())
      for part in parts {
        guard let index = arms[part.arms] else { continue }
        guard arm == nil || arm == index else { return }
        arm = index
        sums += part.sums
      }
      guard let arm else { return }
      sums[.users] = 1
      for (index, metric) in metrics.enumerated() {
        cells[arm][index].add(numerator: metric.numerator(sums), denominator: metric.denominator(sums))
      }
    }
  }
}

extension ArmSums.Cell {
  fileprivate mutating func add(numerator: Double, denominator: Double) {
    moments.add(x: denominator, y: numerator)
    if denominator != 0 { userCount += 1 }
    if numerator != 0 { activeUserCount += 1 }
  }
}
