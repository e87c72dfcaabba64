import Foundation
import Testing

@testable import Experiments

/// Goal: metrics are what the file says, and a mistake in it is an error that says what to do.
@Suite struct MetricSetTests {
  @Test("the file as it comes and the standard metrics are the same")
  func standard() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    #expect(try MetricSet(contentsOf: root.appending(path: "config/metrics.yaml")) == .standard)
  }

  @Test("each metric divides the sums that its name says")
  func values() throws {
    var sums = MetricSums()
    for (index, sum) in MetricSum.allCases.enumerated() { sums[sum] = Double(index + 2) }
    let expected: [String: [Double]] = [
      "revenue_per_user": [8, 2], "ctr": [6, 3], "rpm": [8000, 4], "conversion_value_per_user": [10, 2],
      "visits_per_user": [5, 2], "ad_blindness": [1, 7], "latency": [14, 11], "fill": [13, 12],
    ]
    let metrics = MetricSet.standard.metrics
    #expect(Set(metrics.map(\.name)) == Set(expected.keys))
    for metric in metrics {
      #expect([metric.numerator(sums), metric.denominator(sums)] == expected[metric.name], "\(metric.name)")
    }
    #expect(metrics.filter(\.isMoney).map(\.name) == ["revenue_per_user", "rpm", "conversion_value_per_user"])
    sums += sums
    #expect(sums[.users] == 4)
  }

  @Test(
    "a mistake is an error that says what is wrong",
    arguments: [
      ("numerator: klicks", "there is no sum 'klicks'"),
      ("numerator: {clicks: 0}", "at least one sum"),
      ("roll: goal", "unknown key 'roll'"),
      ("role: guardrail", "needs a 'harm_max'"),
      ("harm_max: -1", "must be 0 or more"),
      ("direction: sideways", "direction"),
      ("name: a b", "must be 1 to 40 letters"),
    ])
  func mistakes(line: String, message: String) {
    var lines = ["name: m", "numerator: clicks", "denominator: users", "direction: up", "role: info"]
    lines.removeAll { $0.prefix { $0 != ":" } == line.prefix { $0 != ":" } }
    let yaml = "metrics:\n  - {" + (lines + [line]).joined(separator: ", ") + "}"
    let error = #expect(throws: ExperimentError.self) { try MetricSet(yaml: Data(yaml.utf8)) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test("what is written is read as the same")
  func roundTrip() throws {
    let data = try JSONEncoder().encode(MetricSet.standard)
    #expect(try MetricSet(yaml: data) == .standard)
  }
}
