import Statistics
import Testing

@Suite("Bootstrap")
struct BootstrapTests {
  @Test("the interval of a mean is that of the normal approximation")
  func agreesWithTheNormal() throws {
    var generator = SeededGenerator(seed: 5)
    let values = (0..<400).map { _ in generator.nextNormal() }
    let intervals = Bootstrap.intervals(groupCount: values.count, resampleCount: 2000) { drawn in
      [Moments(drawn.map { values[$0] }).mean, nil]
    }
    let moments = Moments(values)
    let (mean, error) = (try #require(moments.mean), (try #require(moments.variance) / 400).squareRoot())
    let interval = try #require(intervals[0])
    #expect(abs(interval.low - (mean - 1.96 * error)) < 0.15 * error)
    #expect(abs(interval.high - (mean + 1.96 * error)) < 0.15 * error)
    #expect(intervals[1] == nil)
  }

  @Test("the same seed gives the same interval, and nothing to draw from gives none")
  func isReproducible() {
    let first = Bootstrap.intervals(groupCount: 10) { [Double($0.reduce(0, +))] }
    #expect(first == Bootstrap.intervals(groupCount: 10) { [Double($0.reduce(0, +))] })
    #expect(Bootstrap.intervals(groupCount: 0) { _ in [1] }.isEmpty)
    #expect(Bootstrap.intervals(groupCount: 3, confidence: 1) { _ in [1] }.isEmpty)
  }
}
