import Dispatch
import GRDB
import Locking
import Statistics

extension AATest {
  /// Draws arms for the store's own users again and again, and reports each time as on any experiment.
  ///
  /// Uses all processors; cost about a microsecond for each run, user, day and metric. Equal seeds give equal results.
  ///
  /// - parameter progress: told the runs that are done, from any thread.
  /// - throws: ``ExperimentError`` for options out of range and too few users; whatever the database throws.
  public init(
    store: any DatabaseReader, metrics: MetricSet = .standard, options: AAOptions = AAOptions(),
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws {
    try options.validate()
    let days = try store.read { try UnitDays(newest: 2 * options.dayCountMax, until: options.until, in: $0) }
    try self.init(days, metrics: metrics, options, progress: progress)
  }

  init(
    _ days: UnitDays, metrics: MetricSet, _ options: AAOptions, progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws {
    let trial = try AATrial(days, metrics: metrics, options)
    let results = Locked([AATrial.Result?](repeating: nil, count: options.runCount))
    let done = Locked(0)
    DispatchQueue.concurrentPerform(iterations: options.runCount) { run in
      let result = trial.run(version: run + 1)
      results.withLock { $0[run] = result }
      progress(
        done.withLock { count in
          count += 1
          return count
        })
    }
    let all = results.withLock { $0.compactMap { $0 } }
    runCount = all.count
    userCount = trial.userCount
    dayCount = trial.dayCount
    alpha = options.alpha
    self.metrics = metrics.metrics.compactMap { Outcome($0.name, all, alpha: options.alpha) }
    sampleRatioAlarms = Rate(all.count { $0.isMismatch }, of: all.count)
    conclusion = Self.conclusion(self.metrics, sampleRatioAlarms, options)
  }

  private static func conclusion(_ metrics: [Outcome], _ alarms: Rate, _ options: AAOptions) -> String {
    guard !metrics.isEmpty else { return "Nothing varies between the users yet: there is nothing to check." }
    var faults: [String] = metrics.filter { $0.verdict == .tooMany }.map { outcome in
      "\(outcome.metric) is called different too often: use a cap (--cap 0.999), more users or only its always-valid interval"
    }
    faults += metrics.filter { $0.verdict == .tooFew }.map { "\($0.metric) is called different too rarely" }
    if alarms.interval.low > ReportOptions.sampleRatioAlpha * 10 {
      faults.append("the split of users is called wrong too often")
    }
    return faults.isEmpty
      ? "The analysis can be trusted on these data: arms that differ in nothing are called different as rarely as they should."
      : faults.joined(separator: "; ") + "."
  }
}

extension AATest.Outcome {
  /// `nil` when the metric didn't vary in any run.
  fileprivate init?(_ metric: String, _ runs: [AATrial.Result], alpha: Double) {
    let found = runs.compactMap { $0.metrics[metric] }
    guard !found.isEmpty else { return nil }
    let past = found.compactMap(\.withPast)
    self.metric = metric
    fixedHorizon = AATest.Rate(found.count { $0.fixed <= alpha }, of: found.count)
    withPast = past.isEmpty ? nil : AATest.Rate(past.count { $0 <= alpha }, of: past.count)
    alwaysValid = AATest.Rate(found.count { $0.alwaysValid <= alpha }, of: found.count)
    histogram = found.reduce(into: [Int](repeating: 0, count: 10)) { $0[min(9, Int($1.fixed * 10))] += 1 }
    let once = Self.sureRange(fixedHorizon, of: found.count)
    if once.low > alpha || Self.sureRange(alwaysValid, of: found.count).low > alpha {
      verdict = .tooMany
    } else {
      verdict = once.high < alpha ? .tooFew : .right
    }
  }

  /// So wide that chance alone leaves it once in a thousand times: there are many metrics.
  private static func sureRange(_ rate: AATest.Rate, of total: Int) -> Interval {
    Wilson.interval(successes: Double(rate.count), trials: Double(total), confidence: 0.999).map { Interval($0) }
      ?? Interval(low: 0, high: 1)
  }
}

extension AATest.Rate {
  fileprivate init(_ count: Int, of total: Int) {
    self.count = count
    share = total == 0 ? 0 : Double(count) / Double(total)
    let wilson = Wilson.interval(successes: Double(count), trials: Double(total), confidence: 0.95)
    interval = wilson.map { Interval($0) } ?? Interval(low: 0, high: 1)
  }
}
