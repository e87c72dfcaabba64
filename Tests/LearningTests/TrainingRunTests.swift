import Features
import Ranking
import Statistics
import Testing

@testable import Learning

@Suite("Training from scratch")
struct TrainingRunTests {
  @Test("planted coefficients are recovered")
  func recoversPlantedCoefficients() throws {
    var generator = SeededGenerator(seed: 11)
    let (devices, categories) = ([-0.8, 0.0, 0.8], [-0.5, 0.0, 0.5, 1.0])
    var set = TrainingSet(schema: TestSystem.schema)
    for id in 1...200_000 {
      let (device, category) = (Int.random(in: 0..<3, using: &generator), Int.random(in: 0..<4, using: &generator))
      let slot = Int.random(in: 1...2, using: &generator)
      let logit = -2 + devices[device] + categories[category] + (slot == 2 ? -0.7 : 0)
      set.append(
        Example(
          id: Int64(id), context: ["device": "d\(device)"], attributes: ["category": "c\(category)"], slot: slot,
          label: generator.nextUniform() < Logistic.sigmoid(logit)))
    }
    let outcome = try TrainingRun(set, settings: TrainingSettings()).run(id: "m", created: 0)
    for device in 0..<3 {
      for category in 0..<4 {
        for slot in 1...2 {
          let logit = outcome.model.logit(
            context: ["device": "d\(device)"], attributes: ["category": "c\(category)"], slot: slot)
          let planted = -2 + devices[device] + categories[category] + (slot == 2 ? -0.7 : 0)
          #expect(abs(logit - planted) < 0.12)
        }
      }
    }
    #expect(abs(try #require(outcome.model.slots[2]) + 0.7) < 0.06)
    #expect(abs(try #require(outcome.lineage.holdOut?.calibrationRatio) - 1) < 0.05)
  }

  @Test("the same run gives the same model")
  func isReproducible() throws {
    var set = TrainingSet(schema: TestSystem.schema)
    for example in CheckpointTests.examples(count: 3000, seed: 5) { set.append(example) }
    let models = try (0..<2).map { _ in
      try TrainingRun(set, settings: TrainingSettings()).run(id: "m", created: 0).model
    }
    #expect(models[0] == models[1])
  }

  @Test("one pass in order, with the intercept penalised, is plain FTRL from zero", arguments: [0, 1.0])
  func equalsPlainFTRL(l1: Double) throws {
    var set = TrainingSet(schema: TestSystem.schema)
    for example in CheckpointTests.examples(count: 2000, seed: 7) { set.append(example) }
    var settings = TrainingSettings()
    (settings.passCount, settings.shuffles, settings.holdOutShare) = (1, false, 0)
    (settings.ftrl.l1, settings.ftrl.penalizesIntercept) = (l1, true)
    let outcome = try TrainingRun(set, settings: settings).run(id: "m", created: 0)
    settings.ftrl.priorCTR = 0.5
    var learner = try FTRLLearner(settings: settings.ftrl)
    let examples = set.columns.encoded(set.schema).examples
    let predictions = try learner.learn(examples, 0..<examples.count)
    #expect(outcome.lineage.progressive == EvaluationReport(labels: examples.labels, predictions: predictions))
    #expect(abs(outcome.model.bias - learner.weight(FeatureIndex.intercept)) < Model.Limits.weightMin)
  }

  @Test("held-out examples are the latest, or a fixed draw, and their share is kept")
  func holdsOut() {
    var set = TrainingSet(schema: TestSystem.schema)
    for example in CheckpointTests.examples(count: 1000, seed: 5) { set.append(example) }
    var settings = TrainingSettings()
    #expect(set.split(settings).heldOut == Array(900..<1000))
    settings.holdOut = .random
    let (training, heldOut) = set.split(settings)
    #expect((70...130).contains(heldOut.count))
    #expect((training + heldOut).sorted() == Array(0..<1000))
  }

  @Test("nothing to learn from is an error that says what to do")
  func needsExamples() throws {
    let run = try TrainingRun(TrainingSet(schema: TestSystem.schema), settings: TrainingSettings())
    #expect { try run.run(id: "m", created: 0) } throws: { ($0 as? LearningError)?.code == .noExamples }
  }
}
