import Events
import Foundation
import Logging
import Ranking
import Statistics
import Testing

@testable import Learning

@Suite("Live review")
struct LiveReviewTests {
  @Test("a model that predicts far from what comes is taken back, once, with the reason everywhere")
  func takesBack() throws {
    let system = try TestSystem()
    try system.registry.ensureModel()
    try system.registry.register(try model(system, "bold", bias: 0))
    system.time.advance(seconds: 1)
    try system.registry.promote("bold", reason: "", who: ModelRegistry.trainerName)
    try send(system, model: "bold", ctr: 0.5, count: 999)
    var configuration = TrainerConfiguration()
    configuration.gate.exampleCountMin = .max
    let trainer = try system.trainer(configuration)
    #expect(try trainer.step().rolledBack == nil, "too few impressions")
    try send(system, model: "bold", ctr: 0.5, count: 200, from: 5000)
    system.time.advance(seconds: 200)
    #expect(try trainer.step().rolledBack == "bold")
    let back = try #require(system.registry.history.first { $0.action == .rolledBack })
    #expect(back.model == "prior" && back.reason.contains("predicted"))
    let record = try system.registry.record("bold")
    #expect(record.refusal == .liveCalibration && record.reason == back.reason)
    #expect(try trainer.step().rolledBack == nil)
  }

  @Test("predictions computed anew are the served ones; a wrong one is told by how much")
  func measuresSkew() throws {
    let system = try TestSystem()
    try system.registry.ensureModel()
    let prior = try system.registry.model("prior")
    let ctr = prior.probability(context: [:], attributes: [:], slot: 1)
    try send(system, model: "prior", ctr: ctr, count: 150)
    try send(system, model: "gone", ctr: 0.3, count: 3, from: 1000)
    #expect(try look(system).skew < 1e-12)
    #expect(try look(system).recomputedCount == 150 && look(system).unknownModelCount == 3)
    try send(system, model: "prior", ctr: ctr + 0.25, count: 1, from: 2000)
    #expect(try abs(look(system).skew - 0.25) < 1e-9)
  }

  @Test("a shadow scores what others served, and its loss is compared")
  func comparesTheShadow() throws {
    let system = try TestSystem()
    try system.registry.ensureModel()
    try system.registry.register(try model(system, "better", bias: Logistic.logit(0.1)))
    try system.registry.setShadow("better")
    try send(system, model: "prior", ctr: 0.5, count: 400)
    let findings = try look(system)
    let shadow = try #require(findings.shadow)
    #expect(shadow.model == "better" && shadow.comparison.exampleCount == 400)
    #expect(shadow.comparison.meanDifference < -0.1)
    #expect(findings.slots[1]?.clicks == 40)
    #expect(findings.deciles.count == 1 && abs(findings.deciles[0].meanLabel - 0.1) < 1e-12)
    try system.registry.setShadow(nil)
    #expect(system.registry.shadow == nil)
    #expect(try system.registry.record("better").state == .candidate)
    #expect(throws: LearningError.self) { try system.registry.setShadow("prior") }
  }

  @Test("calibration takes the curve that held-out predictions ask for", arguments: CalibrationFit.Choice.allCases)
  func choosesTheCurve(choice: CalibrationFit.Choice) {
    var generator = SeededGenerator(seed: 4)
    var (labels, right, bent, stepped): ([Bool], [Double], [Double], [Double]) = ([], [], [], [])
    for _ in 0..<40_000 {
      let truth = 0.05 + 0.5 * generator.nextUniform()
      labels.append(generator.nextUniform() < truth)
      right.append(truth)
      bent.append(Logistic.sigmoid(2 * Logistic.logit(truth)))
      stepped.append(truth < 0.3 ? truth / 10 : 0.9 + truth / 10)
    }
    func kind(_ predictions: [Double]) -> CalibrationFit.Choice {
      let curve = CalibrationFit.calibration(labels: labels, predictions: predictions, choice: choice)
      let values = stride(from: 0.001, to: 1, by: 0.001).map { curve.probability($0) }
      #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 }, "monotone")
      switch curve {
      case .identity: return .identity
      case .platt: return .platt
      case .isotonic: return .isotonic
      }
    }
    let automatic: [CalibrationFit.Choice] = [.identity, .platt, .isotonic]
    let expected = choice == .automatic ? automatic : [choice, choice, choice]
    // Platt's curve has no sane slope for a step, and then is none.
    #expect([kind(right), kind(bent)] == Array(expected.prefix(2)))
    if choice != .platt { #expect(kind(stepped) == expected[2]) }
  }

  private func look(_ system: TestSystem) throws -> LiveReview.Findings {
    try system.joiner.catchUp()
    return try LiveReview(
      store: system.store, registry: system.registry, configuration: LiveReviewConfiguration(),
      logger: Logger(label: "test")
    ).look(settledBefore: .max)
  }

  private func model(_ system: TestSystem, _ id: String, bias: Double) throws -> Model {
    try Model(id: id, created: 1, bias: bias, weights: ModelWeights(schema: system.schema))
  }

  /// Live impressions served by a model, of which every tenth is clicked.
  private func send(_ system: TestSystem, model: String, ctr: Double, count: Int, from start: Int = 1) throws {
    let now = system.time.now()
    var events: [Event] = []
    for number in start..<start + count {
      var served = system.served(number)
      (served.model, served.ctr) = (model, ctr)
      events.append(Event(kind: .impression, served: served, time: now, received: now))
      if number % 10 == 0 { events.append(Event(kind: .click, served: served, time: now, received: now)) }
    }
    try system.log.append(events)
    system.time.advance(seconds: 150)
  }
}
