import Events
import Experiments
import Foundation
import Testing

@Suite("Report on a small store, checked by hand")
struct ExperimentReportTests {
  typealias Impression = TestStore.Impression
  let experiment = Experiment(name: "colour", arms: .named("grey", "blue"))
  let grey = ["colour": "grey"]
  let blue = ["colour": "blue"]

  @Test("sums count live impressions of the experiment and what joined them, and nothing else")
  func sums() throws {
    let store = try TestStore()
    try store.insert([
      Impression(user: "u1", experiments: grey, clicks: [0.5], conversions: [10]),
      Impression(user: "u1", experiments: grey, clicks: [0.25]),
      Impression(user: "u2", experiments: grey),
      Impression(user: "u3", experiments: blue, clicks: [2], conversions: [1, 2]),
      Impression(user: "u4", experiments: blue, clicks: [7], clickFate: "late"),
      Impression(user: "u4", experiments: blue, clicks: [7], clickFate: "orphan"),
      Impression(user: "u5", experiments: blue, traffic: .probe, clicks: [9]),
      Impression(user: "u5", experiments: blue, traffic: .dryRun, clicks: [9]),
      Impression(user: "u5", experiments: blue, traffic: .history, clicks: [9]),
      Impression(user: "u6", experiments: ["other": "blue"], clicks: [9]),
      Impression(user: "u7", experiments: ["colour": "forced:blue"], clicks: [9]),
      Impression(user: "u8", experiments: ["colour": "red"], clicks: [9]),
      Impression(user: "u9", experiments: grey, clicks: [9]),
      Impression(user: "u9", experiments: blue, clicks: [9]),
    ])
    let report = try ExperimentReport(experiment, store: store.queue, metrics: .plain)
    let (first, second) = (report.arms[0], report.arms[1])
    #expect(report.arms.map(\.name) == ["grey", "blue"])
    #expect(report.arms.map(\.unitCount) == [2, 2])
    #expect(report.arms.map(\.impressionCount) == [3, 3])
    #expect(report.arms.map(\.clickCount) == [2, 1])
    #expect(report.arms.map(\.revenue) == [0.75, 2])
    #expect(report.arms.map(\.conversionValue) == [10, 3])
    #expect(first.metrics.map(\.metric) == ["ctr", "revenue_per_user", "rpm", "conversion_value_per_user"])
    #expect(first.metrics.map(\.value) == [2 / 3.0, 0.375, 250, 5])
    let third = 1 / 3.0
    #expect(second.metrics.map(\.value) == [third, 1, 2000 / 3.0, 1.5])
    #expect(report.crossedUnitCount == 1)
    #expect(report.strayImpressionCounts == ["red": 1])
    #expect(report.comparisons.allSatisfy { $0.verdict == .tooLittleData })
    #expect(report.notes.contains { $0.hasPrefix("Too little data for CTR") })
    #expect(report.notes.contains { $0.contains("the arm 'red'") })
    #expect(report.notes.contains { $0.hasPrefix("1 impressions had a forced arm") })
  }

  @Test("differences, intervals and p-values are those of the delta method")
  func deltaMethod() throws {
    let store = try TestStore()
    let clicks = (a: [[1, 0], [0, 0, 0], [1, 1], [0]], b: [[1, 1], [1, 0, 1], [1], [0, 1, 0]])
    for (arm, users) in [(grey, clicks.a), (blue, clicks.b)] {
      for (index, user) in users.enumerated() {
        try store.insert(
          user.map { click in
            Impression(
              user: "\(arm)\(index)", experiments: arm, clicks: click == 1 ? [Double(index) + 0.5] : [])
          })
      }
    }
    let report = try ExperimentReport(experiment, store: store.queue, metrics: .plain)
    let ctr = try #require(report.comparisons.first { $0.metric == "ctr" })
    let a = Ratio(clicks.a.map { (Double($0.reduce(0, +)), Double($0.count)) })
    let b = Ratio(clicks.b.map { (Double($0.reduce(0, +)), Double($0.count)) })
    let se = (a.variance + b.variance).squareRoot()
    expectClose(ctr.control, 3 / 8.0)
    expectClose(ctr.value, 6 / 9.0)
    expectClose(ctr.absolute.difference, b.value - a.value)
    expectClose(ctr.absolute.fixedHorizon.low, b.value - a.value - 1.959963984540054 * se)
    expectClose(ctr.pValue, erfc((b.value - a.value) / se / 2.0.squareRoot()))
    let relativeError = (b.variance / (a.value * a.value) + a.variance * pow(b.value, 2) / pow(a.value, 4)).squareRoot()
    let relative = try #require(ctr.relative)
    expectClose(relative.difference, b.value / a.value - 1)
    expectClose(relative.fixedHorizon.high, b.value / a.value - 1 + 1.959963984540054 * relativeError)

    let mixing = (-2 * log(0.05) + log(1 - 2 * log(0.05))) / 10_000
    let variance = 8 * (a.variance + b.variance) * (8 * mixing + 1) / (64 * mixing)
    let halfWidth = (variance * (log(1 + 8 * mixing) - 2 * log(0.05))).squareRoot()
    expectClose(ctr.absolute.alwaysValid.high, b.value - a.value + halfWidth)
    expectClose(relative.alwaysValid.high - relative.difference, halfWidth / se * relativeError)

    let revenue = try #require(report.comparisons.first { $0.metric == "revenue_per_user" })
    let money = (a: [0.5, 0, 5, 0], b: [1, 3, 2.5, 3.5])
    let difference = money.b.reduce(0, +) / 4 - money.a.reduce(0, +) / 4
    let squares = [money.a, money.b].map { values in
      let mean = values.reduce(0, +) / 4
      return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3 / 4
    }
    expectClose(revenue.absolute.difference, difference)
    expectClose(
      revenue.absolute.fixedHorizon.high, difference + 1.959963984540054 * (squares[0] + squares[1]).squareRoot())
    let raw = report.comparisons.map(\.pValue).sorted()
    let worst = try #require(report.comparisons.max { $0.pValue < $1.pValue })
    #expect(raw.count == 3, "nothing converted, so conversion value isn't compared")
    #expect(worst.adjustedPValue == worst.pValue)
    expectClose(
      report.comparisons.map(\.adjustedPValue).min() ?? 0, min(3 * raw[0], 1.5 * raw[1], raw[2]))
  }

  @Test("the split is checked against the weights, an arm of weight 0 included")
  func sampleRatio() throws {
    let store = try TestStore()
    let users = (0..<400).map { Impression(user: "u\($0)", experiments: $0 < 250 ? grey : blue) }
    try store.insert(users)
    let even = try ExperimentReport(experiment, store: store.queue, metrics: .plain)
    expectClose(even.sampleRatio?.statistic ?? 0, 2 * 50 * 50 / 200)
    expectClose(even.sampleRatio?.pValue ?? 0, erfc((25.0 / 2).squareRoot()), relative: 1e-9)
    #expect(even.sampleRatio?.isMismatch == true)
    #expect(even.notes.first?.hasPrefix("Sample ratio mismatch") == true)
    let planned = [Arm(name: "grey", weight: 5), Arm(name: "blue", weight: 3)]
    let uneven = try ExperimentReport(Experiment(name: "colour", arms: planned), store: store.queue, metrics: .plain)
    #expect(uneven.sampleRatio?.statistic == 0 && uneven.sampleRatio?.isMismatch == false)
    let closed = [Arm(name: "grey", weight: 1), Arm(name: "blue", weight: 0)]
    let stray = try ExperimentReport(Experiment(name: "colour", arms: closed), store: store.queue, metrics: .plain)
    #expect(stray.sampleRatio?.pValue == 0 && stray.sampleRatio?.isMismatch == true)
  }

  @Test("one cap for all arms cuts off money, and is said")
  func cap() throws {
    let store = try TestStore()
    try store.insert(
      (1...10).map { Impression(user: "g\($0)", experiments: grey, clicks: [Double($0)]) }
        + (1...10).map { Impression(user: "b\($0)", experiments: blue, clicks: [$0 == 10 ? 1000 : Double($0)]) }
        + [Impression(user: "g0", experiments: grey), Impression(user: "b0", experiments: blue)])
    var options = ReportOptions()
    options.capQuantile = 0.9
    let report = try ExperimentReport(experiment, store: store.queue, metrics: .plain, options: options)
    let values = report.arms.compactMap { arm in arm.metrics.first { $0.metric == "revenue_per_user" } }
    #expect(values.map(\.cap) == [9, 9], "the 18th of 20 paying users")
    expectClose(values[0].value ?? 0, 54 / 11.0)
    expectClose(values[1].value ?? 0, 54 / 11.0)
    #expect(report.arms.map(\.revenue) == [55, 1045], "sums stay whole")
    options.capQuantile = 1.5
    #expect(throws: ExperimentError.self) {
      try ExperimentReport(experiment, store: store.queue, metrics: .plain, options: options)
    }
  }

  @Test("an effect by day is that of the users seen on the day, for rows in any order of days")
  func byDay() throws {
    let store = try TestStore()
    for day in [0, 2] {
      for user in 0..<6 {
        let time = TestStore.start + Milliseconds(day) * TestStore.day + Milliseconds(user) * TestStore.hour
        let clicks = [user % 3 == 0 ? [1.0] : [], user % 2 == 0 ? [2.0] : []]
        try store.insert([
          Impression(user: "g\(user)", time: time, experiments: grey, clicks: clicks[0]),
          Impression(user: "b\(user)", time: time, experiments: blue, clicks: clicks[1]),
        ])
      }
    }
    let report = try ExperimentReport(experiment, store: store.queue, metrics: .plain)
    let followed = report.days.filter { $0.metric == "ctr" || $0.metric == "revenue_per_user" }
    #expect(followed.map(\.day) == ["2026-01-01", "2026-01-01", "2026-01-03", "2026-01-03"])
    for (index, day) in followed.enumerated() {
      let difference = day.metric == "ctr" ? 3 / 6.0 - 2 / 6.0 : 1 - 2 / 6.0
      expectClose(day.difference, difference)
      #expect(day.controlUnitCount == 6 && day.unitCount == 6)
      // The same users do the same again: their CTR stays, their sums double.
      let soFar = try #require(day.soFar)
      expectClose(soFar.difference, day.metric == "ctr" || index < 2 ? difference : 2 * difference)
    }
    #expect(report.sampleRatio?.days.map(\.unitCounts) == [[6, 6], [0, 0], [0, 0]])
    let whole = try #require(report.comparisons.first { $0.metric == "revenue_per_user" })
    let last = try #require(followed.last?.soFar)
    expectClose(last.fixedHorizon.low, whole.absolute.fixedHorizon.low)
    expectClose(last.alwaysValid.high, whole.absolute.alwaysValid.high)
    #expect(report.text.contains("2026-01-03 blue: CTR"))
  }

  @Test("'since' and 'until' bound what counts")
  func period() throws {
    let store = try TestStore()
    try store.insert(
      (0..<10).map { day in
        Impression(
          user: "u\(day)", time: TestStore.start + Milliseconds(day) * TestStore.day, experiments: grey, clicks: [1])
      })
    var bounded = experiment
    bounded.since = Date(timeIntervalSince1970: Double(TestStore.start + 3 * TestStore.day) / 1000)
    var options = ReportOptions()
    options.until = TestStore.start + 8 * TestStore.day
    let report = try ExperimentReport(bounded, store: store.queue, metrics: .plain, options: options)
    #expect(report.arms[0].unitCount == 5)
    #expect(report.firstDay == "2026-01-04" && report.lastDay == "2026-01-08")
  }

  @Test("impressions count in whatever order they arrive")
  func arrivalOrder() throws {
    let rows = (0..<40).map { index -> Impression in
      let time = TestStore.start + Milliseconds(index) * TestStore.hour / 2
      let arm = index % 2 == 0 ? grey : blue
      let decision = "d\(index / 3)-\(index % 2)"
      return Impression(
        user: "u\(index % 20)", time: time, experiments: arm, decision: decision, clicks: index % 3 == 0 ? [1] : [])
    }
    for unit in [Experiment.Unit.user, .request] {
      let ordered = try TestStore()
      let reversed = try TestStore()
      try ordered.insert(rows)
      try reversed.insert(rows.reversed())
      let experiment = Experiment(name: "colour", unit: unit, arms: .named("grey", "blue"))
      let first = try ExperimentReport(experiment, store: ordered.queue, metrics: .plain)
      let second = try ExperimentReport(experiment, store: reversed.queue, metrics: .plain)
      #expect(first.arms.map(\.impressionCount) == [20, 20])
      for path in [\ExperimentReport.ArmSummary.impressionCount, \.clickCount, \.unitCount] {
        #expect(first.arms.map { $0[keyPath: path] } == second.arms.map { $0[keyPath: path] })
      }
    }
  }

  @Test("CUPED takes out what users did before the start, as computed by hand")
  func cuped() throws {
    let store = try TestStore()
    let past = (a: [1.0, 2, 4, 0], b: [3.0, 1, 5, 0])
    let now = (a: [1.5, 2, 4.5, 1], b: [4.0, 2, 6, 1])
    for (arm, values) in [(grey, zip(past.a, now.a)), (blue, zip(past.b, now.b))] {
      for (index, (before, during)) in values.enumerated() {
        let user = "\(arm)\(index)"
        if before > 0 { try store.insert([Impression(user: user, clicks: [before])]) }
        let time = TestStore.start + 5 * TestStore.day
        try store.insert([Impression(user: user, time: time, experiments: arm, clicks: [during])])
      }
    }
    var bounded = experiment
    bounded.since = Date(timeIntervalSince1970: Double(TestStore.start + TestStore.day) / 1000)
    let report = try ExperimentReport(bounded, store: store.queue, metrics: .plain)
    let revenue = try #require(report.comparisons.first { $0.metric == "revenue_per_user" })
    let (x, y) = (past.a + past.b, now.a + now.b)
    let (meanX, meanY) = (x.reduce(0, +) / 8, y.reduce(0, +) / 8)
    let theta =
      zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) } / x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    let adjusted = zip(x, y).map { $1 - theta * ($0 - meanX) }
    let difference = adjusted[4...].reduce(0, +) / 4 - adjusted[..<4].reduce(0, +) / 4
    let estimate = try #require(revenue.adjusted)
    expectClose(estimate.difference, difference)
    #expect(try #require(estimate.varianceReduction) > 0.5)
    #expect(estimate.fixedHorizon.low < difference && difference < estimate.fixedHorizon.high)

    var options = ReportOptions()
    options.pastDayCount = 2
    let blind = try ExperimentReport(bounded, store: store.queue, metrics: .plain, options: options)
    #expect(blind.comparisons.first { $0.metric == "revenue_per_user" }?.adjusted != nil, "one day before the start")
    bounded.since = Date(timeIntervalSince1970: Double(TestStore.start + 4 * TestStore.day) / 1000)
    let without = try ExperimentReport(bounded, store: store.queue, metrics: .plain, options: options)
    #expect(without.comparisons.allSatisfy { $0.adjusted == nil }, "nobody was seen in the two days before")
  }

  @Test("an experiment by request counts decisions")
  func byRequest() throws {
    let store = try TestStore()
    try store.insert([
      Impression(user: "u1", experiments: grey, decision: "d1", clicks: [1]),
      Impression(user: "u1", experiments: grey, decision: "d1"),
      Impression(user: "u1", experiments: blue, decision: "d2", clicks: [3]),
      Impression(user: "u1", experiments: blue, decision: "d3"),
    ])
    let byRequest = Experiment(name: "colour", unit: .request, arms: .named("grey", "blue"))
    let report = try ExperimentReport(byRequest, store: store.queue, metrics: .plain)
    #expect(report.arms.map(\.unitCount) == [1, 2])
    #expect(report.arms[1].metrics.map(\.value) == [0.5, 1.5, 1500, 0])
    #expect(report.crossedUnitCount == 0)
    #expect(report.text.contains("by request"))
  }

  @Test("the hold-out is reported as an experiment of its own")
  func holdout() throws {
    let store = try TestStore()
    let configuration = try ExperimentConfiguration(holdout: Holdout(share: 0.25), experiments: [experiment])
    let assigner = Assigner(configuration)
    try store.insert(
      (0..<400).map { user in
        let arms = assigner.assign(user: "u\(user)", decision: decision()).recordedArms
        return Impression(user: "u\(user)", experiments: arms, clicks: [1])
      })
    let held = try #require(configuration.experiment("holdout"))
    let report = try ExperimentReport(held, store: store.queue, metrics: .plain)
    #expect(report.arms.map(\.name) == ["held", "open"])
    #expect(report.arms.map(\.unitCount).reduce(0, +) == 400)
    #expect(report.sampleRatio?.isMismatch == false)
    let inside = try ExperimentReport(experiment, store: store.queue, metrics: .plain)
    #expect(inside.arms.map(\.unitCount).reduce(0, +) == report.arms[1].unitCount)
  }

  @Test("an empty store gives a report that says so and what to do")
  func empty() throws {
    let report = try ExperimentReport(experiment, store: TestStore().queue, metrics: .plain)
    #expect(report.notes.count == 1)
    #expect(report.notes[0].contains("No live impression belongs to 'colour' yet"))
    #expect(report.arms.map(\.unitCount) == [0, 0])
    #expect(report.sampleRatio == nil && report.comparisons.isEmpty)
    #expect(report.text.contains("send traffic"))
    #expect(report.html.contains("send traffic"))
  }

  @Test("JSON reads back as the same report; the page has no script and no outside file, and escapes text")
  func formats() throws {
    let store = try TestStore()
    for user in 0..<300 {
      let time = TestStore.start + Milliseconds(user % 3) * TestStore.day
      let clicks = user % 5 == 0 ? [Double(user % 7) + 1] : []
      let arm = user % 2 == 0 ? grey : blue
      try store.insert([Impression(user: "u\(user)", time: time, experiments: arm, clicks: clicks)])
    }
    try store.insert([Impression(user: "x", experiments: ["colour": "<script>"])])
    let report = try ExperimentReport(experiment, store: store.queue, metrics: .plain)
    let data = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(ExperimentReport.self, from: data) == report)
    let html = report.html
    #expect(!html.contains("<script") && html.contains("&lt;script&gt;"))
    #expect(!html.contains("http://") && !html.contains("https://") && !html.contains("url("))
    #expect(
      html.components(separatedBy: "<svg").count == 7, "one for all metrics, one over time for each, one by day for two"
    )
    #expect(!html.contains("nan") && !html.contains("inf\""))
    #expect(report.text.split(separator: "\n").allSatisfy { !$0.hasSuffix(" ") })
  }
}

/// A ratio and its variance, by the textbook's expression in variances and covariance.
private struct Ratio {
  let value: Double
  let variance: Double

  init(_ pairs: [(x: Double, y: Double)]) {
    let n = Double(pairs.count)
    let meanX = pairs.reduce(0) { $0 + $1.x } / n
    let meanY = pairs.reduce(0) { $0 + $1.y } / n
    let xx = pairs.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) } / (n - 1)
    let yy = pairs.reduce(0) { $0 + ($1.y - meanY) * ($1.y - meanY) } / (n - 1)
    let xy = pairs.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) } / (n - 1)
    value = meanX / meanY
    variance = (xx - 2 * value * xy + value * value * yy) / (n * meanY * meanY)
  }
}

func expectClose(
  _ got: Double, _ expected: Double, relative: Double = 1e-11, sourceLocation: SourceLocation = #_sourceLocation
) {
  let error = (got - expected).magnitude
  let tolerance = relative * expected.magnitude + 1e-13
  #expect(error <= tolerance, "got \(got), expected \(expected)", sourceLocation: sourceLocation)
}
