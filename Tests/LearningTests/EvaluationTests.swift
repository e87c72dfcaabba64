import Ranking
import Statistics
import Testing

@testable import Learning

@Suite("Evaluation")
struct EvaluationTests {
  @Test("Platt scaling finds the distortion that was planted")
  func findsTheDistortion() throws {
    var generator = SeededGenerator(seed: 3)
    var labels: [Bool] = []
    var predictions: [Double] = []
    for _ in 0..<200_000 {
      let logit = -2 + generator.nextNormal()
      labels.append(generator.nextUniform() < Logistic.sigmoid(0.7 * logit - 0.4))
      predictions.append(Logistic.sigmoid(logit))
    }
    guard case .platt(let slope, let intercept) = PlattFit.calibration(labels: labels, predictions: predictions) else {
      Issue.record("no curve was fitted")
      return
    }
    #expect(abs(slope - 0.7) < 0.02)
    #expect(abs(intercept + 0.4) < 0.04)
  }

  @Test("too few examples or clicks leave the model's own probability")
  func needsEnough() {
    let labels = (0..<2000).map { $0 % 50 == 0 }
    let predictions = [Double](repeating: 0.1, count: 2000)
    #expect(PlattFit.calibration(labels: labels, predictions: predictions) == .identity)
    #expect(PlattFit.calibration(labels: [true, false], predictions: [0.5, 0.5]) == .identity)
  }

  @Test("the comparison's mean and error are those of the paired differences")
  func comparesPaired() throws {
    var comparison = PairedComparison()
    let rows = [(true, 0.5, 0.25), (false, 0.5, 0.5), (true, 0.2, 0.8)]
    for (label, first, second) in rows { comparison.add(label: label, first: first, second: second) }
    let logTwo = 0.6931471805599453
    let differences: [Double] = [-logTwo, 0, 2 * logTwo]
    let mean = logTwo / 3
    let squares: [Double] = differences.map { ($0 - mean) * ($0 - mean) }
    let variance = (squares[0] + squares[1] + squares[2]) / 2
    #expect(abs(comparison.meanDifference - mean) < 1e-12)
    #expect(abs(try #require(comparison.standardError) - (variance / 3).squareRoot()) < 1e-12)
  }

  @Test("the window of predictions keeps the latest, in order")
  func keepsTheLatest() {
    var window = PredictionWindow()
    let count = PredictionWindow.countMax + 10
    for number in 1...count {
      window.append(.init(example: Int64(number), probability: 0.5, label: false, isProvisional: false))
    }
    #expect(window.ordered.map(\.example) == Array(11...Int64(count)))
  }

  @Test("slices partition the examples, and a cross is told apart by both of its fields")
  func slices() throws {
    var examples = ScoredExamples(fields: [SliceField("device"), SliceField("device^slot")])
    for number in 0..<1000 {
      let values = ["device": number % 2 == 0 ? "tv" : "phone", "slot": "\(number % 3)"]
      examples.add(.init(label: number % 10 == 0, prediction: number % 2 == 0 ? 0.2 : 0.01)) { values[$0] }
    }
    let evaluation = Evaluation(examples)
    #expect(evaluation.slices.filter { $0.field == "device" }.map(\.value) == ["phone", "tv"])
    #expect(evaluation.slices.filter { $0.field == "device^slot" }.count == 6)
    for field in ["device", "device^slot"] {
      let mine = evaluation.slices.filter { $0.field == field }
      #expect(mine.reduce(0) { $0 + $1.report.exampleCount } == 1000)
      #expect(mine.reduce(0) { $0 + $1.report.clickCount } == 100)
    }
    let tv = try #require(evaluation.slices.first { $0.value == "tv" })
    #expect(abs(try #require(tv.report.calibrationRatio) - 1) < 1e-12)
    let interval = try #require(tv.intervals.calibrationRatio)
    #expect(interval[0] < 1 && interval[1] > 1)
    #expect(evaluation.reliability.map(\.count) == [500, 500])
  }

  @Test("of two models the better is told, and its page needs nothing from outside")
  func comparesModels() throws {
    var examples = ScoredExamples(fields: [])
    for number in 0..<2000 {
      examples.add(.init(label: number % 10 == 0, prediction: 0.1, other: 0.4, user: "u\(number % 50)")) { _ in nil }
    }
    let evaluation = Evaluation(examples)
    let comparison = try #require(evaluation.comparison)
    #expect(comparison.logLossDifference < 0 && comparison.high ?? 0 < 0)
    let page = evaluation.html(model: "a<b", other: "c", subject: "on rows")
    #expect(page.contains("a&lt;b") && page.contains("surely better") && page.contains("<svg"))
    #expect(!page.contains("src=") && !page.contains("href=") && !page.contains("<script"))
  }
}
