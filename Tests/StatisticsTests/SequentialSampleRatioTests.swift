import Statistics
import Testing

@Suite("Sample ratio, sequentially")
struct SequentialSampleRatioTests {
  @Test("a right split is called wrong at most at alpha, looked at after each of 30 days")
  func rightSplit() throws {
    var random = SeededGenerator(seed: 5)
    var alarms = 0
    for _ in 0..<400 {
      var sequence = try #require(SequentialSampleRatio(plannedWeights: [1, 3]))
      var counts = [0.0, 0.0]
      for _ in 0..<30 {
        for _ in 0..<40 { counts[random.nextUniform() < 0.25 ? 0 : 1] += 1 }
        sequence.look(counts: counts)
      }
      if sequence.pValue < 0.05 { alarms += 1 }
    }
    // At most 20 expected, standard deviation 4.4.
    #expect(alarms <= 30, "\(alarms) of 400")
  }

  @Test("planted faults are all found, by the sequence and by the test at the end", arguments: UInt64(1)...20)
  func plantedFaults(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var sequence = try #require(SequentialSampleRatio(plannedWeights: [1, 1]))
    var counts = [0.0, 0.0]
    for _ in 0..<14 {
      // One user in ten of the second arm is lost.
      for _ in 0..<2000 where random.nextUniform() < 0.5 { counts[0] += 1 }
      for _ in 0..<1000 where random.nextUniform() >= 0.1 { counts[1] += 1 }
      sequence.look(counts: counts)
    }
    let whole = try #require(SampleRatioMismatch(counts: counts, plannedWeights: [1, 1], alpha: 0.001))
    #expect(sequence.pValue < 0.001 && whole.isMismatch, "seed \(seed)")
  }

  @Test("the p-value is the inverse Bayes factor, by hand, and never rises")
  func byHand() throws {
    var sequence = try #require(SequentialSampleRatio(plannedWeights: [2, 2]))
    // One user: Γ(10000)/Γ(10001) · Γ(5001)/Γ(5000) / 0.5 = 1.
    #expect(abs(sequence.look(counts: [1, 0]) - 1) < 1e-9)
    // Two in the same arm: (5000 · 5001)/(10000 · 10001) / 0.25.
    #expect(abs(sequence.look(counts: [2, 0]) - 0.25 * 10_001 / (0.5 * 5001)) < 1e-9)
    let low = sequence.look(counts: [200, 20])
    #expect(sequence.look(counts: [200, 200]) == low && low < 1)
    #expect(
      SequentialSampleRatio(plannedWeights: [1, 0]) == nil && SequentialSampleRatio(plannedWeights: [1, .nan]) == nil)
  }
}
