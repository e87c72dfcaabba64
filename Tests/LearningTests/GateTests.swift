import Features
import Foundation
import Ranking
import Testing

@testable import Learning

@Suite("Gate")
struct GateTests {
  @Test("good evidence is accepted")
  func accepts() throws {
    #expect(Gate().judge(try evidence()).isAccepted)
  }

  typealias Fault = @Sendable (inout GateEvidence) -> Void

  static let faults: [(Gate.Refusal, Fault)] = [
    (.tooFewExamples, { $0.exampleCount = 99 }),
    (.joinCoverage, { $0.health?.coverage = 0.5 }),
    (.joinDuplicates, { $0.health?.duplicateRate = 0.9 }),
    (
      .noComparison,
      {
        $0.mustCompare = true
        $0.comparison = PairedComparison()
      }
    ),
    (.worseThanCurrent, { $0.comparison = comparison(candidate: 0.4, current: 0.1) }),
    (.calibration, { $0.calibrationRatio = 2 }),
    (.calibration, { $0.calibrationRatio = nil }),
    (.damagedFile, { $0.reloaded = nil }),
    (.goldenPredictions, { $0.reloaded = try? model(bias: -1) }),
  ]

  @Test("each fault is refused with its own reason", arguments: faults)
  func refuses(refusal: Gate.Refusal, fault: Fault) throws {
    var evidence = try evidence()
    fault(&evidence)
    let verdict = Gate().judge(evidence)
    #expect(verdict.refusal == refusal)
    #expect(!verdict.reason.isEmpty)
  }

  @Test("with too little to judge by, a check doesn't refuse")
  func needsEvidence() throws {
    var evidence = try evidence()
    evidence.health?.coverage = 0.1
    evidence.health?.counts.impressions = 10
    evidence.calibrationRatio = 3
    evidence.recentClickCount = 5
    evidence.comparison = PairedComparison()
    evidence.comparison.add(label: true, first: 0.01, second: 0.9)
    #expect(Gate().judge(evidence).isAccepted)
  }

  @Test("a candidate that isn't surely worse is accepted")
  func toleratesChance() throws {
    var evidence = try evidence()
    evidence.comparison = Self.comparison(candidate: 0.1001, current: 0.1)
    #expect(Gate().judge(evidence).isAccepted)
  }

  private func evidence() throws -> GateEvidence {
    var health = JoinHealth()
    health.counts.impressions = 10_000
    return GateEvidence(
      candidate: try Self.model(bias: -2), reloaded: try Self.model(bias: -2), health: health, exampleCount: 1000,
      currentExampleCount: 1500, review: ReviewMark(), mustCompare: false,
      comparison: Self.comparison(candidate: 0.1, current: 0.3), recentClickCount: 500, calibrationRatio: 1.1,
      goldens: [Example(id: 1, context: ["device": "tv"], attributes: [:], label: false)])
  }

  /// Two constant predictions on 1000 examples of which every tenth was clicked.
  private static func comparison(candidate: Double, current: Double) -> PairedComparison {
    var comparison = PairedComparison()
    for number in 0..<1000 { comparison.add(label: number % 10 == 0, first: candidate, second: current) }
    return comparison
  }

  private static func model(bias: Double) throws -> Model {
    try Model(id: "m", created: 0, bias: bias, weights: ModelWeights(schema: TestSystem.schema))
  }
}
