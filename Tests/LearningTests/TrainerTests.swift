import Events
import Features
import Foundation
import Ranking
import Statistics
import Testing

@testable import Learning

@Suite("Trainer")
struct TrainerTests {
  @Test("clicks that make one category better change the model that serves")
  func learnsFromClicks() throws {
    let system = try TestSystem()
    try system.registry.ensureModel()
    let trainer = try system.trainer()
    try send(system, from: 1, count: 600) {
      $0 % 2 == 0 ? "shoes" : "hats"
    } clicked: {
      $0 % 2 == 0 && $0 % 3 == 0
    }
    system.time.advance(seconds: 31)
    let report = try trainer.step()
    #expect(report.learntCount == 0 && report.provisionalCount == 600)
    #expect(report.isPromoted, "\(report)")
    let model = try system.registry.model("current")
    #expect(model.id == report.candidate)
    #expect(probability(model, "shoes") > 2 * probability(model, "hats"))
    #expect(try trainer.step().candidate == nil)
  }

  @Test("closed windows move examples from the provisional tail to the learner")
  func closesWindows() throws {
    let system = try TestSystem()
    try system.registry.ensureModel()
    let trainer = try system.trainer()
    try send(system, from: 1, count: 300) { _ in
      "shoes"
    } clicked: {
      $0 % 4 == 0
    }
    system.time.advance(seconds: 31)
    #expect(try trainer.step().provisionalCount == 300)
    system.time.advance(seconds: 3600)
    try send(system, from: 1000, count: 1) { _ in
      "shoes"
    } clicked: { _ in
      false
    }
    let report = try trainer.step()
    #expect(report.learntCount == 300)
    #expect(trainer.learner.window?.clickCount == 75)
    #expect(report.verdict?.isAccepted == true)
  }

  @Test("a trainer that is stopped and started anew learns to the same bits")
  func resumes() throws {
    let (system, other) = (try TestSystem(), try TestSystem())
    for start in [1, 2001, 4001] {
      for each in [system, other] {
        try each.importHistory(history(each, from: start, count: 2000))
        if start == 1 { try each.registry.ensureModel() }
      }
      try system.trainer().step()
    }
    let whole = try other.trainer()
    try whole.step()
    #expect(try system.trainer().learner.ftrl == whole.learner.ftrl)
    #expect(try Checkpoint.encode(system.trainer().learner) == Checkpoint.encode(whole.learner))
  }

  @Test("a damaged state, other settings and another schema start afresh")
  func startsAfresh() throws {
    let system = try TestSystem()
    try system.registry.ensureModel()
    try system.importHistory(history(system, from: 1, count: 500))
    try system.trainer().step()
    #expect(try system.trainer().learner.cursor == 500)
    var configuration = TrainerConfiguration()
    configuration.ftrl.alpha = 0.05
    #expect(try system.trainer(configuration).learner.cursor == 0)
    try Data("ADLFTRL1".utf8).write(to: system.directory.appendingPathComponent("trainer/state"))
    #expect(try system.trainer().learner.cursor == 0)
  }

  @Test("a probe is seen and evaluated, and changes no weight")
  func seesProbes() throws {
    let system = try TestSystem()
    try system.registry.ensureModel()
    let trainer = try system.trainer()
    let served = system.served(7, traffic: .probe)
    for kind in [EventKind.impression, .click] {
      try system.log.append([Event(kind: kind, served: served, time: system.time.now(), received: system.time.now())])
    }
    let before = trainer.learner.ftrl
    let report = try trainer.step()
    let sighting = try #require(trainer.lastProbeSeen)
    #expect(sighting.decision == "\(served.decision)" && sighting.label)
    #expect(abs(sighting.prediction - 0.02) < 1e-12)
    #expect(trainer.probe(decision: "\(served.decision)") == sighting)
    #expect(report.candidate == nil)
    #expect(trainer.learner.ftrl == before)
  }

  @Test("a candidate that turns out worse stays a candidate, with the reason")
  func refusesTheWorse() throws {
    let system = try TestSystem()
    let weights = try { () throws in
      var weights = ModelWeights(schema: system.schema)
      let template = FeatureTemplate(context: [], ad: [0])
      try weights.add(template, values: ["shoes"], weight: 8)
      try weights.add(template, values: ["hats"], weight: -8)
      return weights
    }()
    try system.registry.register(try Model(id: "oracle", created: 0, bias: 0, weights: weights))
    try system.registry.promote("oracle", reason: "", who: "ann")
    try system.importHistory(
      (1...400).map { (system.served($0, category: $0 % 2 == 0 ? "shoes" : "hats"), $0 % 2 == 0) })
    let trainer = try system.trainer()
    let report = try trainer.step()
    let candidate = try #require(report.candidate)
    #expect(report.verdict?.refusal == .worseThanCurrent)
    #expect(system.registry.current?.model == "oracle")
    #expect(try system.registry.record(candidate).state == .candidate)
    #expect(try system.registry.record(candidate).reason == report.verdict?.reason)
  }

  @Test("a model that a person trained and let serve isn't replaced without a comparison")
  func respectsPeople() throws {
    let system = try TestSystem()
    try system.registry.ensureModel()
    try system.importHistory(history(system, from: 1, count: 2000))
    try system.joiner.catchUp()
    let set = try TrainingSet(schema: system.schema, store: system.store, countMax: 10_000)
    let outcome = try TrainingRun(set, settings: TrainingSettings()).run(id: "trained", created: system.time.now())
    let deployed = try system.registry.deploy(outcome, who: "ann")
    #expect(deployed.verdict.isAccepted && deployed.record.state == .live)
    let evaluation = try StoreEvaluation(
      store: system.store, subject: .init(model: outcome.model, lineage: deployed.record.lineage))
    #expect(evaluation.wasLearnt && evaluation.report.exampleCount == 200)
    let trainer = try system.trainer()
    #expect(try trainer.step().candidate == nil)
    try system.importHistory(history(system, from: 3001, count: 50))
    #expect(try trainer.step().verdict?.refusal == .noComparison)
    let subject = StoreEvaluation.Subject(model: outcome.model, lineage: outcome.lineage)
    #expect(try !StoreEvaluation(store: system.store, subject: subject).wasLearnt)
    try system.importHistory(history(system, from: 4001, count: 3000))
    #expect(try trainer.step().isPromoted)
    #expect(system.registry.current?.who == ModelRegistry.trainerName)
  }

  @Test("the thread steps when it is woken, and stops")
  func runsInTheBackground() async throws {
    let system = try TestSystem()
    try system.registry.ensureModel()
    try system.importHistory(history(system, from: 1, count: 500))
    var configuration = TrainerConfiguration()
    configuration.refitSeconds = 3600
    let trainer = try system.trainer(configuration)
    trainer.start()
    trainer.wake()
    while trainer.learner.cursor == 0 { await Task.yield() }
    trainer.stop()
    #expect(trainer.learner.cursor == 500)
  }

  private func probability(_ model: Model, _ category: String) -> Double {
    model.probability(context: ["device": "mobile"], attributes: ["category": category], slot: 1)
  }

  private func send(
    _ system: TestSystem, from start: Int, count: Int, category: (Int) -> String, clicked: (Int) -> Bool
  ) throws {
    for number in start..<start + count {
      let served = system.served(number, category: category(number))
      let now = system.time.now()
      var events = [Event(kind: .impression, served: served, time: now, received: now)]
      if clicked(number) { events.append(Event(kind: .click, served: served, time: now, received: now)) }
      try system.log.append(events)
    }
  }

  private func history(_ system: TestSystem, from start: Int, count: Int) -> [(served: ServedAd, clicked: Bool)] {
    (start..<start + count).map { number in
      var generator = SeededGenerator(seed: UInt64(number))
      let category = Int.random(in: 0..<5, using: &generator)
      return (
        system.served(number, category: "c\(category)"), generator.nextUniform() < 0.1 * Double(category + 1)
      )
    }
  }
}
