import Statistics
import Testing

@Suite("RankedExamples")
struct RankedExamplesTests {
  @Test("the area under the ROC curve counts the pairs in the right order", arguments: UInt64(1)...20)
  func pairs(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let labels = (0..<80).map { _ in generator.nextUniform() < 0.3 } + [true, false]
    let scores = labels.map { _ in Double(Int.random(in: -3...3, using: &generator)) }
    let weights = labels.map { _ in Double(Int.random(in: 0...3, using: &generator)) + 0.5 }
    var (right, all) = (0.0, 0.0)
    for click in labels.indices where labels[click] {
      for other in labels.indices where !labels[other] {
        let weight = weights[click] * weights[other]
        all += weight
        right += weight * (scores[click] > scores[other] ? 1 : scores[click] == scores[other] ? 0.5 : 0)
      }
    }
    let ranked = try #require(RankedExamples(labels: labels, scores: scores, weights: weights))
    #expect(abs(try #require(ranked.rocAUC) - right / all) < 1e-12, "seed \(seed)")
  }

  @Test("row order changes nothing", arguments: UInt64(1)...20)
  func rowOrder(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let labels = (0..<60).map { _ in generator.nextUniform() < 0.4 } + [true, false]
    let scores = labels.map { _ in Double(Int.random(in: 0...8, using: &generator)) / 8 }
    let order = labels.indices.shuffled(using: &generator)
    let a = try #require(RankedExamples(labels: labels, scores: scores))
    let b = try #require(RankedExamples(labels: order.map { labels[$0] }, scores: order.map { scores[$0] }))
    #expect(a.rocAUC == b.rocAUC && a.averagePrecision == b.averagePrecision, "seed \(seed)")
    let bins = a.reliabilityBins(count: 5, strategy: .equalMass)
    #expect(bins == b.reliabilityBins(count: 5, strategy: .equalMass), "seed \(seed)")
    #expect(bins?.reduce(0) { $0 + $1.count } == labels.count, "seed \(seed)")
    #expect(a.isotonicSteps == b.isotonicSteps, "seed \(seed)")
  }

  @Test("isotonic steps rise, keep equal scores together and keep the base rate", arguments: UInt64(1)...20)
  func isotonicSteps(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let scores = (0..<200).map { _ in Double(Int.random(in: 0...30, using: &generator)) / 30 }
    let labels = scores.map { generator.nextUniform() < $0 }
    let steps = try #require(RankedExamples(labels: labels, scores: scores)).isotonicSteps
    #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.value <= $1.value && $0.highestScore < $1.lowestScore })
    let fitted = scores.map { score in steps.last { $0.lowestScore <= score }?.value ?? .nan }
    #expect(abs(fitted.reduce(0, +) - Double(labels.count { $0 })) < 1e-9, "seed \(seed)")
  }

  @Test("bad input is undefined and never traps")
  func badInput() {
    #expect(RankedExamples(labels: [], scores: []) == nil)
    #expect(RankedExamples(labels: [true], scores: []) == nil)
    #expect(RankedExamples(labels: [true], scores: [.nan]) == nil)
    #expect(RankedExamples(labels: [true], scores: [1], weights: [0]) == nil)
    #expect(RankedExamples(labels: [true], scores: [1], weights: [-1]) == nil)
    #expect(RankedExamples(labels: [true], scores: [2])?.reliabilityBins(count: 3, strategy: .equalMass) == nil)
    #expect(RankedExamples(labels: [true], scores: [1])?.reliabilityBins(count: .max, strategy: .equalWidth) == nil)
    #expect(RankedExamples(labels: [true], scores: [1])?.reliabilityBins(count: 0, strategy: .equalWidth) == nil)
  }
}
