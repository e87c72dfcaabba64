import Events
import Statistics

/// One user base on which experiments with equal arms are played.
struct AATrial: Sendable {
  let userCount: Int
  /// Days of each experiment; what came before is the past.
  let dayCount: Int
  private let days: UnitDays
  private let first: Int32
  private let metrics: MetricSet
  private let options: ReportOptions

  struct Result {
    let metrics: [String: PValues]
    let isMismatch: Bool
  }

  struct PValues {
    let fixed: Double
    let withPast: Double?
    let alwaysValid: Double
  }

  /// - throws: ``ExperimentError`` for too few users.
  init(_ all: UnitDays, metrics: MetricSet, _ options: AAOptions) throws {
    guard let last = all.lastDay else { throw ExperimentError("the store has no live traffic of users yet") }
    let first = last - Int32(options.dayCountMax) + 1
    var seen = (0..<all.unitCount).filter { unit in all.rows(of: unit).contains { $0.day >= first } }
    guard seen.count >= 2 * ReportOptions.unitCountMin else {
      throw ExperimentError(
        "the last \(options.dayCountMax) days have \(seen.count) users, but \(2 * ReportOptions.unitCountMin) are the least"
      )
    }
    var random = SeededGenerator(seed: options.seed)
    if seen.count > options.userCountMax {
      seen.shuffle(using: &random)
      seen = seen.prefix(options.userCountMax).sorted()
    }
    days = all.only(seen)
    userCount = seen.count
    self.first = first
    let oldest = days.rows.lazy.map(\.day).min() ?? first
    dayCount = Int(last - max(first, oldest)) + 1
    self.metrics = metrics
    var report = ReportOptions()
    report.confidence = 1 - options.alpha
    report.capQuantile = options.capQuantile
    self.options = report
  }

  /// - parameter version: draws the arms, by the same hash that draws those of real experiments.
  func run(version: Int) -> Result {
    let arms = [Arm(name: "control", weight: 1), Arm(name: "same", weight: 1)]
    let experiment = Experiment(name: "aa", version: version, arms: arms)
    let drawn = (0..<days.unitCount).map { unit in
      HashPosition.position("experiment/aa/\(version)", String(unit)) < 0.5 ? Int16(0) : 1
    }
    let sample = ExperimentUnits(experiment, days: days, arms: drawn, from: first)
    let report = ExperimentReport(sample, metrics: metrics, options)
    let values = report.comparisons.map { comparison in
      let values = PValues(
        fixed: comparison.pValue, withPast: comparison.adjusted?.pValue, alwaysValid: comparison.alwaysValidPValue)
      return (comparison.metric, values)
    }
    return Result(
      metrics: Dictionary(uniqueKeysWithValues: values), isMismatch: report.sampleRatio?.isMismatch ?? false)
  }
}
