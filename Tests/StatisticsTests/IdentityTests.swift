import Statistics
import Testing

/// Functions that must agree with each other.
@Suite("Identities")
struct IdentityTests {
  @Test("quantiles undo survival functions", arguments: [1e-300, 1e-20, 1e-5, 0.2, 0.4999, 0.5, 0.7, 0.999])
  func quantiles(p: Double) throws {
    let z = try #require(NormalDistribution.quantile(p))
    #expect(abs(try #require(NormalDistribution.cumulative(z)) / p - 1) < 1e-10)
    for df in [0.7, 1, 3.5, 40, 1e4] where p > 1e-25 {
      let t = try #require(StudentT.quantile(p, degreesOfFreedom: df))
      #expect(abs(try #require(StudentT.survival(-t, degreesOfFreedom: df)) / p - 1) < 1e-9, "df \(df)")
    }
  }

  @Test("the asymptotic sequence of a difference is the mixture test with τ² = var·ρ²")
  func oneBoundary() throws {
    let a = SampleSummary(count: 400, mean: 5, variance: 9)
    let b = SampleSummary(count: 300, mean: 5.6, variance: 16)
    let sequence = try #require(AlwaysValid.difference(control: a, treatment: b, alpha: 0.05, optimalTime: 1000))
    let square = 9.0 / 400 + 16.0 / 300
    let rho = try #require(AlwaysValid.precision(optimalTime: 1000, alpha: 0.05))
    let look = try #require(
      AlwaysValid.look(
        difference: 0.6, standardError: square.squareRoot(), mixingDeviation: (700 * square / rho).squareRoot(),
        alpha: 0.05))
    #expect(abs(sequence.pValue / look.pValue - 1) < 1e-9)
    #expect(abs(sequence.halfWidth / look.halfWidth - 1) < 1e-12)
  }

  @Test("contributions of factors add up to the change, zeros and gaps included", arguments: UInt64(1)...50)
  func lmdi(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    func factors() -> [Double?] {
      (0..<5).map { _ in
        let kind = generator.nextUniform()
        return kind < 0.1 ? 0 : kind < 0.15 ? nil : generator.nextLogNormal(logMean: 0, logDeviation: 1)
      }
    }
    let segments = (0..<4).map { _ in LMDI.Segment(before: factors(), after: factors()) }
    let result = try #require(LMDI(segments))
    #expect(abs(result.contributions.reduce(0, +) - result.totalChange) < 1e-9, "seed \(seed)")
  }

  @Test("τ_b counted by merging is τ_b counted pair by pair", arguments: UInt64(1)...30)
  func kendall(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let count = Int.random(in: 3...60, using: &generator)
    let x = [0, 1] + (2..<count).map { _ in Double(Int.random(in: 0...9, using: &generator)) }
    let y = [0, 1] + (2..<count).map { _ in Double(Int.random(in: 0...9, using: &generator)) }
    var (score, xPairs, yPairs) = (0.0, 0.0, 0.0)
    for i in 0..<count {
      for j in 0..<i {
        let (a, b) = ((x[i] - x[j]).sign01, (y[i] - y[j]).sign01)
        score += a * b
        xPairs += a * a
        yPairs += b * b
      }
    }
    let tau = try #require(Association.kendallTauB(x, y)).tau
    #expect(abs(tau - score / (xPairs * yPairs).squareRoot()) < 1e-12, "seed \(seed)")
  }

  @Test("an FTRL step of one coordinate is the step of the reference loop")
  func ftrl() throws {
    let parameters = FTRLProximal.Parameters(alpha: 0.1, beta: 1, l1: 0.01, l2: 1)
    let rows = (0..<50).map { LogisticRegression.Example(indices: [0], values: [1], label: $0 % 3 == 0) }
    let result = try #require(
      LogisticRegression.followTheRegularizedLeader(rows, dimension: 1, parameters: parameters))
    var state = FTRLProximal.Coordinate()
    for row in rows {
      let weight = state.weight(parameters)
      state.update(gradient: Logistic.sigmoid(weight) - (row.label ? 1 : 0), weight: weight, parameters)
    }
    #expect(state == result.states[0])
  }

  @Test("random block starts always make whole replicates", arguments: [(1, 1), (10, 3), (10, 30), (24, 24)])
  func blockStarts(count: Int, block: Int) {
    var generator = SeededGenerator(seed: 9)
    let starts = AutocorrelatedSeries.blockStarts(count: count, block: block, replicates: 20, using: &generator)
    let series = (0..<count).map(Double.init)
    #expect(AutocorrelatedSeries.blockBootstrapMean(series, block: block, starts: starts)?.means.count == 20)
  }

  @Test("extreme integers are refused, not trapped on")
  func extremes() {
    #expect(Seasonal.ratio([1, 2, 3], at: 2, period: .max, periods: .max) == nil)
    #expect(Seasonal.ratio([1, 2, 3], at: .min, period: 1, periods: 1) == nil)
    #expect(Seasonal.z([1, 2, 3], at: 2, period: 1, periods: 1, window: .max, offset: 1) == nil)
    #expect(Power.sampleSize(deviation: 1, effect: 1e-300, alpha: 0.05, power: 0.8) == nil)
    #expect(
      AutocorrelatedSeries.blockBootstrapMean([1, 2], block: .max, starts: [[.max], [.min]])?.means == [1.5, 1.5])
    #expect(AutocorrelatedSeries.neweyWestMean([1, 2], lags: .max) == nil)
  }
}

extension Double {
  fileprivate var sign01: Double { self > 0 ? 1 : self < 0 ? -1 : 0 }
}
