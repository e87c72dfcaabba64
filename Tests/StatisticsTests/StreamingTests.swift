import Statistics
import Testing

/// Streaming and merged forms answer as the array forms do, however the rows are cut up.
@Suite("Streaming forms")
struct StreamingTests {
  private static func close(_ a: Double?, _ b: Double?, _ relative: Double = 1e-10) -> Bool {
    guard let a, let b else { return false }
    return abs(a - b) <= relative * abs(b)
  }

  @Test("moments merged from parts are those of the whole", arguments: UInt64(1)...20)
  func moments(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let values = (0..<500).map { _ in 1e9 + 1e-3 * generator.nextNormal() }
    let cut = Int.random(in: 0...500, using: &generator)
    var merged = Moments()
    for value in values[..<cut] { merged.add(value) }
    merged.merge(Moments(values[cut...]))
    let whole = Moments(values)
    #expect(merged.count == 500)
    #expect(Self.close(merged.mean, whole.mean, 1e-15), "seed \(seed)")
    #expect(Self.close(merged.variance, whole.variance), "seed \(seed)")
    let deviation = try #require(whole.variance).squareRoot()
    #expect(abs(deviation / 1e-3 - 1) < 0.2, "seed \(seed)")
  }

  @Test("ratio metric and CUPED from merged per-user moments are those of the arrays", arguments: UInt64(1)...20)
  func pairs(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let x = (0..<700).map { _ in Double(1 + generator.nextPoisson(mean: 8)) }
    let y = x.map { 0.3 * $0 + generator.nextNormal() }
    let cut = Int.random(in: 1..<700, using: &generator)
    var first = PairedMoments()
    for (x, y) in zip(x[..<cut], y[..<cut]) { first.add(x: x, y: y) }
    let second = try #require(PairedMoments(x: Array(x[cut...]), y: Array(y[cut...])))
    var merged = first
    merged.merge(second)
    let metric = try #require(RatioMetric(merged))
    let whole = try #require(RatioMetric(numerators: y, denominators: x))
    #expect(metric.count == 700)
    #expect(Self.close(metric.ratio, whole.ratio), "seed \(seed)")
    #expect(Self.close(metric.standardError, whole.standardError), "seed \(seed)")
    let residuals = Moments(zip(x, y).map { $1 - whole.ratio * $0 })
    let expected = try #require(residuals.variance).squareRoot() / (700.0).squareRoot() / merged.meanX
    #expect(Self.close(metric.standardError, expected), "seed \(seed)")
  }

  @Test("prediction quality merged from parts is that of the whole")
  func quality() {
    var generator = SeededGenerator(seed: 6)
    let predictions = (0..<1000).map { _ in generator.nextUniform() }
    let labels = predictions.map { generator.nextUniform() < $0 }
    let whole = PredictionQuality(labels: labels, predictions: predictions)
    var merged = PredictionQuality(labels: Array(labels[..<300]), predictions: Array(predictions[..<300]))
    merged.merge(PredictionQuality(labels: Array(labels[300...]), predictions: Array(predictions[300...])))
    #expect(merged.count == 1000)
    #expect(Self.close(merged.logLoss, whole.logLoss))
    #expect(Self.close(merged.normalizedEntropy(), whole.normalizedEntropy()))
    #expect(Self.close(merged.calibrationRatio, whole.calibrationRatio))
    #expect(Self.close(merged.brierScore, whole.brierScore))
  }

  @Test("one bad row makes the quality undefined, a weight of 0 takes the row out")
  func badRows() {
    var quality = PredictionQuality()
    quality.add(label: true, prediction: 0.5)
    quality.add(label: false, prediction: 0.1, weight: 0)
    #expect(quality.count == 1 && quality.baseRate == 1)
    quality.add(label: true, prediction: .nan)
    #expect(quality.logLoss == nil && quality.calibrationRatio == nil && quality.brierScore == nil)
  }

  @Test("what is proportional leaves no variance: the ratio difference is undefined, not huge")
  func proportional() throws {
    let y = (1...50).map { 0.1 * Double($0) }
    let a = try #require(RatioMetric(numerators: y.map { 0.3 * $0 }, denominators: y))
    let b = try #require(RatioMetric(numerators: y.map { 0.7 * $0 }, denominators: y))
    #expect(a.standardError == 0)
    #expect(RatioDifference(control: a, treatment: b, confidence: 0.95) == nil)
  }
}
