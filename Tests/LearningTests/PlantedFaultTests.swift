import Events
import Foundation
import Ranking
import Statistics
import Testing

@testable import Learning

/// Faults planted into a stream of history, each of which the gate must refuse with the right reason.
@Suite("Planted faults")
struct PlantedFaultTests {
  /// Changes an hour's rows.
  typealias Fault = @Sendable (_ rows: inout [Row], _ hour: Int) -> Void

  struct Row {
    var device: String
    var category: String
    var clicked: Bool
    var number: Int
  }

  static let faults: [(Gate.Refusal, Fault)] = [
    (.clicksLost, { rows, _ in for row in rows.indices where row % 2 == 0 { rows[row].clicked = false } }),
    (.featureConstant, { rows, _ in for row in rows.indices { rows[row].device = "tv" } }),
    (.labelsFlipped, { rows, hour in if hour == 2 { for row in rows.indices { rows[row].clicked.toggle() } } }),
    (.truncatedWindow, { rows, hour in if hour == 3 { rows.removeLast(rows.count * 9 / 10) } }),
  ]

  @Test("each fault is refused by training with its reason, and good data afterwards are accepted", arguments: faults)
  func refusesThenAccepts(refusal: Gate.Refusal, fault: Fault) throws {
    let system = try TestSystem()
    try system.registry.ensureModel()
    try send(system, hours: 0..<26)
    #expect(try train(system).refusal == nil)
    let first = system.registry.current?.model
    try send(system, hours: 26..<32, fault)
    let refused = try train(system)
    #expect(refused.refusal == refusal, "\(refused.reason)")
    #expect(system.registry.current?.model == first)
    let record = try #require(system.registry.list().last)
    #expect(record.state == .candidate && record.refusal == refusal && record.reason == refused.reason)
    #expect(try train(system).refusal == refusal, "nothing new came")
    try send(system, hours: 32..<40)
    let accepted = try train(system)
    #expect(accepted.isAccepted, "\(accepted.reason)")
    #expect(system.registry.current?.model != first)
  }

  @Test("all faults one after the other, by the background trainer, are refused and overcome")
  func survivesASeries() throws {
    let system = try TestSystem()
    try system.registry.ensureModel()
    let trainer = try system.trainer()
    try send(system, hours: 0..<26)
    #expect(try trainer.step().isPromoted)
    var hour = 26
    for (refusal, fault) in Self.faults {
      try send(system, hours: hour..<hour + 6, fault)
      let verdict = try trainer.step().verdict
      #expect(verdict?.refusal == refusal, "\(String(describing: verdict)) \(system.registry.latestReview)")
      try send(system, hours: hour + 6..<hour + 8)
      try send(system, hours: hour + 8..<hour + 16)
      let after = try trainer.step()
      #expect(after.isPromoted, "after \(refusal): \(String(describing: after.verdict))")
      hour += 16
    }
  }

  @Test("an hour of flipped labels stands out among the first data too")
  func findsTheHourWithoutAReference() throws {
    let system = try TestSystem()
    try system.registry.ensureModel()
    try send(system, hours: 0..<24) { rows, hour in
      if hour == 13 { for row in rows.indices { rows[row].clicked.toggle() } }
    }
    let verdict = try train(system)
    #expect(verdict.refusal == .labelsFlipped, "\(verdict.reason)")
  }

  @Test("first data that come sorted by a feature are no fault, one constant stretch among mixed ones is")
  func tellsSortedFilesFromConstants() throws {
    for (isSorted, refusal) in [(true, nil), (false, Gate.Refusal.featureConstant)] {
      let system = try TestSystem()
      try system.registry.ensureModel()
      try send(system, hours: 0..<24) { rows, hour in
        guard isSorted || (12..<16).contains(hour) else { return }
        let device = ["mobile", "desktop", "tv", "tablet"][hour / 4 % 4]
        for row in rows.indices { rows[row].device = device }
      }
      let verdict = try train(system)
      #expect(verdict.refusal == refusal, "sorted \(isSorted): \(verdict.reason)")
    }
  }

  @Test("a candidate that learnt far less than the live model is refused")
  func refusesATruncatedTraining() throws {
    let system = try TestSystem()
    try system.registry.ensureModel()
    try send(system, hours: 0..<12)
    #expect(try train(system).isAccepted)
    #expect(try train(system, countMax: 1000).refusal == .truncatedWindow)
  }

  @Test("A/A: days with a daily cycle of volume, click rate and mix of features are never refused", arguments: [1, 2])
  func acceptsDailyCycles(seed: Int) throws {
    let system = try TestSystem()
    try system.registry.ensureModel()
    let cycle: Fault = { rows, hour in
      let night = (1 + cos(Double(hour % 24) / 24 * 2 * .pi)) / 2
      rows.removeLast(Int(Double(rows.count) * 0.6 * night))
      var generator = SeededGenerator(seed: UInt64(rows[0].number + seed))
      for row in rows.indices where generator.nextUniform() < 0.5 * night {
        rows[row].device = "tv"
        rows[row].clicked = rows[row].clicked && generator.nextUniform() < 0.6
      }
    }
    let trainer = try system.trainer()
    try send(system, hours: 0..<48, seed: seed, cycle)
    try trainer.step()
    for start in stride(from: 48, to: 72, by: 5) {
      try send(system, hours: start..<start + 5, seed: seed, cycle)
      try trainer.step()
    }
    let faults = system.registry.list().compactMap(\.review?.words)
    #expect(faults.isEmpty, "seed \(seed): \(faults)")
    #expect(system.registry.latestReview.example > 5000)
  }

  @Test("a damaged file of a candidate can't be promoted, and says so")
  func refusesADamagedFile() throws {
    let system = try TestSystem()
    try system.registry.ensureModel()
    try system.registry.register(
      try Model(id: "good", created: 1, bias: -1, weights: ModelWeights(schema: system.schema)))
    let file = system.registry.file("good")
    var data = try Data(contentsOf: file)
    data[data.count / 2] ^= 1
    try data.write(to: file)
    let error = #expect(throws: LearningError.self) {
      try system.registry.promote("good", reason: "", who: "ann")
    }
    #expect(error?.code == .damagedFile)
    #expect(system.registry.current?.model == "prior")
    #expect(try system.registry.record("good").refusal == .damagedFile)
  }

  private func train(_ system: TestSystem, countMax: Int = 1_000_000) throws -> Gate.Verdict {
    try system.joiner.catchUp()
    system.time.advance(seconds: 1)
    let set = try TrainingSet(
      schema: system.schema, store: system.store, countMax: countMax, faulty: system.registry.faultyStretches)
    var settings = TrainingSettings()
    settings.passCount = 2
    let outcome = try TrainingRun(set, settings: settings).run(
      id: system.registry.freshID(system.time.now()), created: system.time.now())
    return try system.registry.deploy(outcome, health: system.joiner.health(), who: ModelRegistry.trainerName).verdict
  }

  /// Imports 200 rows an hour; the click rate depends on the category.
  private func send(_ system: TestSystem, hours: Range<Int>, seed: Int = 0, _ fault: Fault = { _, _ in }) throws {
    let devices = ["mobile", "desktop", "tv", "tablet"]
    for hour in hours {
      var generator = SeededGenerator(seed: UInt64(hour * 1000 + seed))
      var rows = (0..<200).map { place in
        let category = Int.random(in: 0..<5, using: &generator)
        return Row(
          device: devices[Int.random(in: 0..<4, using: &generator)], category: "c\(category)",
          clicked: generator.nextUniform() < 0.08 * Double(category + 1), number: hour * 1000 + place + 1)
      }
      fault(&rows, seed == 0 ? hour - hours.lowerBound : hour)
      try system.importHistory(
        rows.map { row in
          var served = system.served(row.number, device: row.device, category: row.category)
          served.time = Int64(hour) * 3_600_000 + Int64(row.number % 1000) * 9000 + 1_700_000_000_000
          return (served, row.clicked)
        })
    }
  }
}
