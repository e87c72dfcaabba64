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
    let report = try ExperimentReport(experiment, store: store.queue, metrics: .plain)
    let verdicts = Dictionary(uniqueKeysWithValues: report.comparisons.map { ($0.metric, $0.verdict) })
    #expect(verdicts["ctr"] == .higher && verdicts["revenue_per_user"] == .lower)
    let ctr = try #require(report.comparisons.first { $0.metric == "ctr" })
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
    let report = try ExperimentReport(experiment, store: store.queue, metrics: .plain)
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
    let report = try ExperimentReport(experiment, store: store.queue, metrics: .plain)
    for comparison in report.comparisons {
      let adjusted = try #require(comparison.adjusted)
      let plain = comparison.absolute.fixedHorizon
      #expect(try #require(adjusted.varianceReduction) > 0.5, "\(comparison.metric)")
      #expect(adjusted.fixedHorizon.high - adjusted.fixedHorizon.low < 0.75 * (plain.high - plain.low))
    }
  }
}
