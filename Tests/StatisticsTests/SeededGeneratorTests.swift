import Statistics
import Testing

@Suite("SeededGenerator")
struct SeededGeneratorTests {
  @Test("the stream is SplitMix64's")
  func knownStream() {
    var generator = SeededGenerator(seed: 1_234_567)
    let draws = (0..<3).map { _ in generator.next() }
    #expect(draws == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
  }

  @Test("means and variances of the draws are those asked for", arguments: [UInt64(1), 2, 3])
  func moments(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let count = 200_000
    func check(_ mean: Double, _ variance: Double, _ draw: (inout SeededGenerator) -> Double) throws {
      var moments = Moments()
      for _ in 0..<count { moments.add(draw(&generator)) }
      let observed = try #require(moments.variance)
      #expect(abs(try #require(moments.mean) - mean) < 5 * (variance / Double(count)).squareRoot(), "seed \(seed)")
      #expect(abs(observed / variance - 1) < 0.05, "seed \(seed)")
    }
    try check(0.5, 1.0 / 12) { $0.nextUniform() }
    try check(0, 1) { $0.nextNormal() }
    try check(3, 9) { $0.nextExponential(mean: 3) }
    for mean in [0.02, 3, 10, 10.5, 40, 1000.0] {
      try check(mean, mean) { Double($0.nextPoisson(mean: mean)) }
    }
  }

  @Test("categories come in proportion to their weights, never one of weight 0 or NaN")
  func categories() {
    var generator = SeededGenerator(seed: 4)
    var counts = [0.0, 0, 0, 0]
    for _ in 0..<40_000 {
      if let index = generator.nextCategory(weights: [1, 0, 3, .nan]) { counts[index] += 1 }
    }
    #expect(counts[1] == 0 && counts[3] == 0)
    #expect(abs(counts[2] / 40_000 - 0.75) < 0.01)
    #expect(generator.nextCategory(weights: [0, -1]) == nil)
  }

  @Test("means that make no sense give 0 rather than a trap", arguments: [0, -1, Double.nan])
  func degenerateMeans(mean: Double) {
    var generator = SeededGenerator(seed: 5)
    #expect(generator.nextPoisson(mean: mean) == 0)
  }
}
