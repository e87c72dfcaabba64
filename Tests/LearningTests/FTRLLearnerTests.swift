import Features
import Foundation
import Statistics
import Testing

@testable import Learning

@Suite("FTRL learner")
struct FTRLLearnerTests {
  @Test("each weight minimises the regularised linear approximation of the loss, by brute force", arguments: 1...5)
  func minimisesItsObjective(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var settings = FTRLSettings()
    (settings.alpha, settings.l1, settings.l2) = (0.3, 0.2, 0.5)
    settings.penalizesIntercept = true
    var learner = try FTRLLearner(settings: settings)
    var gradients = 0.0
    var past: [(sigma: Double, weight: Double)] = []
    var squares = 0.0
    for _ in 0..<40 {
      let weight = learner.weight(0)
      let label = generator.nextUniform() < 0.3
      let probability = try [UInt32(0)].withUnsafeBufferPointer { try learner.learn($0, label: label) }
      let gradient = probability - (label ? 1 : 0)
      let root = (squares + gradient * gradient).squareRoot()
      past.append(((root - squares.squareRoot()) / settings.alpha, weight))
      squares += gradient * gradient
      gradients += gradient
      let best = Self.minimum { w in
        let proximal = past.reduce(0) { $0 + $1.sigma * (w - $1.weight) * (w - $1.weight) / 2 }
        let quadratic = (settings.beta / settings.alpha + settings.l2) * w * w / 2
        return gradients * w + proximal + quadratic + settings.l1 * abs(w)
      }
      #expect(abs(learner.weight(0) - best) < 1e-6, "seed \(seed)")
    }
  }

  @Test("an example of importance 2 moves as a gradient twice as large, one of importance 0 not at all")
  func weighsByImportance() throws {
    var learner = try FTRLLearner(settings: FTRLSettings())
    let example: [UInt32] = [0, 1]
    try example.withUnsafeBufferPointer { example in
      try learner.learn(example, label: true, importance: 0)
      #expect(learner.states.allSatisfy { $0 == .init() })
      let probability = try learner.learn(example, label: true, importance: 2)
      #expect(learner.states[1].z == 2 * (probability - 1))
      #expect(learner.states[1].n == 4 * (probability - 1) * (probability - 1))
    }
  }

  @Test("NaN, infinite and negative importance is an error and changes nothing", arguments: [.nan, .infinity, -1.0])
  func refusesImpossibleImportance(importance: Double) throws {
    var learner = try FTRLLearner(settings: FTRLSettings())
    let before = learner
    #expect(throws: LearningError.self) {
      try [UInt32(0)].withUnsafeBufferPointer { try learner.learn($0, label: true, importance: importance) }
    }
    #expect(learner == before)
  }

  @Test("settings outside their range are refused by name")
  func refusesSettings() {
    for change: (inout FTRLSettings) -> Void in [
      { $0.alpha = 0 }, { $0.beta = -1 }, { $0.l1 = .nan }, { $0.l2 = .infinity }, { $0.priorCTR = 1 },
    ] {
      var settings = FTRLSettings()
      change(&settings)
      #expect(throws: LearningError.self) { try FTRLLearner(settings: settings) }
    }
  }

  @Test("a pass over many examples gives the same bits as one example after the other")
  func learnsPassesAlike() throws {
    var generator = SeededGenerator(seed: 9)
    var examples = EncodedExamples()
    for _ in 0..<500 {
      let features = (0..<4).map { _ in UInt32.random(in: 1..<60, using: &generator) }
      examples.append([0] + Set(features).sorted(), label: generator.nextUniform() < 0.3)
    }
    var (whole, single) = (try FTRLLearner(settings: FTRLSettings()), try FTRLLearner(settings: FTRLSettings()))
    let predictions = try whole.learn(examples, 0..<examples.count, negativeImportance: 2)
    for number in 0..<examples.count {
      let label = examples.labels[number]
      let probability = try examples.withExample(number) {
        try single.learn($0, label: label, importance: label ? 1 : 2)
      }
      #expect(probability == predictions[number])
    }
    #expect(whole == single)
  }

  @Test("before anything is learnt, the prior is predicted")
  func startsAtThePrior() throws {
    let learner = try FTRLLearner(settings: FTRLSettings())
    let probability = [UInt32(0), 5].withUnsafeBufferPointer { learner.predict($0) }
    #expect(abs(probability - 0.02) < 1e-15)
  }

  /// The place of the minimum of a convex function on [−50, 50], by ternary search.
  private static func minimum(_ function: (Double) -> Double) -> Double {
    var (low, high) = (-50.0, 50.0)
    for _ in 0..<300 {
      let (left, right) = (low + (high - low) / 3, high - (high - low) / 3)
      if function(left) < function(right) { high = right } else { low = left }
    }
    return (low + high) / 2
  }
}
