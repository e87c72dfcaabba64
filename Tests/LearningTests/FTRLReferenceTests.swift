import Foundation
import Learning
import Testing

@Suite("FTRL against the reference runs on real clicks", .enabled(if: SharedData.exists))
struct FTRLReferenceTests {
  @Test(
    "progressive loss, weights and intercept equal the reference to 1e-9", arguments: ["kdd12", "avazu_hour", "serp"])
  func equalsTheReference(name: String) throws {
    let reference = try JSONDecoder().decode(
      Reference.self, from: Data(contentsOf: SharedData.folder.appendingPathComponent("ftrl_reference.json")))
    let set = try #require(reference.sets[name])
    let examples = try SharedData.examples(name, file: "\(name)/train.csv.gz")
    #expect(examples.count == set.rows)
    for run in set.runs {
      var settings = FTRLSettings()
      (settings.alpha, settings.beta, settings.l1, settings.l2) = (run.alpha, run.beta, run.l1, run.l2)
      settings.penalizesIntercept = true
      settings.priorCTR = 0.5
      var learner = try FTRLLearner(settings: settings)
      let predictions = try learner.learn(examples, 0..<examples.count)
      let report = EvaluationReport(labels: examples.labels, predictions: predictions)
      let weights = learner.weights()
      #expect(abs(try #require(report.logLoss) - run.progressive_logloss) < 1e-9)
      #expect(weights.count == run.weights)
      #expect(weights.count { $0 != 0 } == run.nonzero)
      #expect(abs(weights[0] - run.intercept) < 1e-9)
    }
  }

  private struct Reference: Decodable {
    var sets: [String: Set]

    struct Set: Decodable {
      var rows: Int
      var runs: [Run]
    }

    struct Run: Decodable {
      var alpha: Double
      var beta: Double
      var l1: Double
      var l2: Double
      var progressive_logloss: Double
      var nonzero: Int
      var weights: Int
      var intercept: Double
    }
  }
}
