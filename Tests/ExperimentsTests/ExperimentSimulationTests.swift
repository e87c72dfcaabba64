import Events
import Experiments
import Foundation
import GRDB
import Statistics
import Testing

/// Many experiments on simulated users, through the store and the whole report.
@Suite("Report on simulated users")
struct ExperimentSimulationTests {
  typealias Impression = TestStore.Impression

  @Test("150 A/A experiments reject at about 5 %, always-valid tests less often")
  func falsePositives() throws {
    let users = (0..<400).map { "user-\($0)" }
    let store = try reassignableStore(users: users, seed: 11)
    var rejected: [Metric: Int] = [:]
    var alwaysRejected = 0
    let runCount = 150
    for run in 1...runCount {
      let experiment = Experiment(name: "aa", version: run, arms: .named("control", "same"))
      try assign(users, to: experiment, in: store)
      let report = try ExperimentReport(experiment, store: store.queue)
      for comparison in report.comparisons where comparison.pValue < 0.05 {
        rejected[comparison.metric, default: 0] += 1
      }
      alwaysRejected += report.comparisons.count { $0.alwaysValidPValue < 0.05 }
      #expect(report.sampleRatio?.isMismatch == false, "version \(run)")
    }
    // 150 × 5 % = 7.5, standard deviation 2.7.
    for metric in [Metric.ctr, .revenuePerUnit, .revenuePerThousand] {
      #expect((1...16).contains(rejected[metric, default: 0]), "\(metric): \(rejected)")
    }
    #expect(alwaysRejected <= 3 * runCount / 20, "\(alwaysRejected) of \(3 * runCount)")
  }

  @Test("a planted effect is found, and an arm that wins clicks and loses money is called so")
  func plantedEffect() throws {
    let store = try TestStore()
    let experiment = Experiment(name: "bait", arms: .named("control", "bait"))
    let assigner = try Assigner(.init(experiments: [experiment]))
    var random = SeededGenerator(seed: 3)
    let impressions = (0..<6000).map { index in
      let user = "user-\(index % 3000)"
      let arms = assigner.assign(user: user, decision: decision()).recordedArms
      let isBait = arms["bait"] == "bait"
      let clicks = random.nextUniform() < (isBait ? 0.3 : 0.2) ? [isBait ? 0.4 : 1.0] : []
      return Impression(user: user, experiments: arms, clicks: clicks)
    }
    try store.insert(impressions)
    let report = try ExperimentReport(experiment, store: store.queue)
    let verdicts = Dictionary(report.comparisons.map { ($0.metric, $0.verdict) }) { first, _ in first }
    #expect(verdicts[.ctr] == .higher && verdicts[.revenuePerUnit] == .lower)
    let ctr = try #require(report.comparisons.first { $0.metric == .ctr })
    #expect(ctr.absolute.fixedHorizon.low < 0.1 && 0.1 < ctr.absolute.fixedHorizon.high)
    #expect(ctr.absolute.alwaysValid.low > 0)
    #expect(ctr.absolute.alwaysValid.low < ctr.absolute.fixedHorizon.low, "always-valid intervals are wider")
    #expect(report.notes.contains { $0.contains("wins clicks and loses money") })
  }

  @Test("a planted loss of one arm's users is found, and no result is called valid")
  func plantedMismatch() throws {
    let store = try TestStore()
    let experiment = Experiment(name: "aa", arms: .named("control", "same"))
    let assigner = try Assigner(.init(experiments: [experiment]))
    let impressions = (0..<4000).compactMap { index -> Impression? in
      let arms = assigner.assign(user: "user-\(index)", decision: decision()).recordedArms
      let isLost = arms["aa"] == "same" && index % 7 == 0
      return isLost ? nil : Impression(user: "user-\(index)", experiments: arms, clicks: index % 4 == 0 ? [1] : [])
    }
    try store.insert(impressions)
    let report = try ExperimentReport(experiment, store: store.queue)
    #expect(report.sampleRatio?.isMismatch == true)
    #expect(report.comparisons.allSatisfy { $0.verdict == .invalid })
    #expect(report.notes[0].hasPrefix("Sample ratio mismatch"))
  }

  @Test("a user's own past narrows the interval around the same difference")
  func pastNarrows() throws {
    let store = try TestStore()
    let experiment = Experiment(name: "aa", arms: .named("control", "same"))
    let assigner = try Assigner(.init(experiments: [experiment]))
    var random = SeededGenerator(seed: 5)
    let habits = (0..<800).map { _ in random.nextUniform() }
    for phase in 0...1 {
      let impressions = (0..<8000).map { index in
        let user = "user-\(index % 800)"
        let clicks = random.nextUniform() < habits[index % 800] ? [1.0] : []
        let arms = phase == 0 ? [:] : assigner.assign(user: user, decision: decision()).recordedArms
        let time = TestStore.start + Milliseconds(phase) * TestStore.day
        return Impression(user: user, time: time, experiments: arms, clicks: clicks)
      }
      try store.insert(impressions)
    }
    let report = try ExperimentReport(experiment, store: store.queue)
    for comparison in report.comparisons {
      let adjusted = try #require(comparison.adjusted)
      let plain = comparison.absolute.fixedHorizon
      #expect(try #require(adjusted.varianceReduction) > 0.5, "\(comparison.metric)")
      #expect(adjusted.fixedHorizon.high - adjusted.fixedHorizon.low < 0.75 * (plain.high - plain.low))
    }
  }

  /// Impressions whose arms come from a table of their own, so that users can be assigned anew.
  private func reassignableStore(users: [String], seed: UInt64) throws -> TestStore {
    let store = try TestStore()
    var random = SeededGenerator(seed: seed)
    let impressions = users.flatMap { user -> [Impression] in
      let appetite = random.nextUniform() * 0.6
      return (0..<(1 + random.nextPoisson(mean: 2))).map { _ in
        let isClick = random.nextUniform() < appetite
        let price = random.nextLogNormal(logMean: 0, logDeviation: 0.7)
        return Impression(user: user, clicks: isClick ? [price] : [])
      }
    }
    try store.insert(impressions)
    try store.queue.write { database in
      try database.execute(
        sql: """
          ALTER TABLE impressions RENAME TO stored;
          CREATE TABLE assigned(user TEXT PRIMARY KEY, experiments TEXT);
          CREATE VIEW impressions AS SELECT id, decision, time_ms, stored.user AS user, assigned.experiments, traffic
            FROM stored JOIN assigned ON assigned.user = stored.user;
          """)
    }
    return store
  }

  private func assign(_ users: [String], to experiment: Experiment, in store: TestStore) throws {
    let assigner = try Assigner(.init(experiments: [experiment]))
    try store.queue.write { database in
      for user in users {
        let arm = assigner.assign(user: user, decision: decision()).first?.arm ?? ""
        try database.cachedStatement(sql: "INSERT OR REPLACE INTO assigned VALUES (?, ?)").execute(arguments: [
          user, "{\"\(experiment.name)\":\"\(arm)\"}",
        ])
      }
    }
  }
}
