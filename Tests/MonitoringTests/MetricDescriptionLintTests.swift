import Monitoring
import Testing

@Suite("Linting metric descriptions")
struct MetricDescriptionLintTests {
  @Test("well-named metrics have no problems")
  func clean() {
    let descriptions = [
      MetricDescription(
        name: "adloop_events_total", kind: .counter, help: "Events.", labels: ["event"]),
      MetricDescription(
        name: "adloop_read_bytes_total", kind: .counter, help: "Bytes.", unit: .bytes),
      MetricDescription(
        name: "adloop_rank_duration_seconds", kind: .histogram, help: "Time.", unit: .seconds),
      MetricDescription(name: "adloop_coverage_ratio", kind: .gauge, help: "Share.", unit: .ratio),
    ]
    #expect(descriptions.flatMap(\.problems) == [])
  }

  static let faulty: [(MetricDescription, String)] = [
    (
      .init(name: "events", kind: .counter, help: "E."),
      "events: is exposed as events_total; rename it"
    ),
    (
      .init(name: "depth_total", kind: .gauge, help: "D."),
      "depth_total: is exposed as depth; rename it"
    ),
    (.init(name: "a.b", kind: .gauge, help: "D."), "a.b: is exposed as a_b; rename it"),
    (.init(name: "queueDepth", kind: .gauge, help: "D."), "queueDepth: write it in snake_case"),
    (
      .init(name: "a_gauge", kind: .gauge, help: "D."),
      "a_gauge: leave the type 'gauge' out of the name"
    ),
    (.init(name: "wait_ms", kind: .histogram, help: "D."), "wait_ms: spell out the unit 'ms'"),
    (
      .init(name: "wait_milliseconds", kind: .histogram, help: "D."),
      "wait_milliseconds: use the base unit seconds instead of milliseconds"
    ),
    (
      .init(name: "read_total", kind: .counter, help: "D.", unit: .bytes),
      "read_total: must end with its unit, _bytes_total"
    ),
    (.init(name: "g", kind: .gauge, help: "D.", buckets: [1]), "g: only a histogram has buckets"),
    (
      .init(name: "x", kind: .histogram, help: "D.", buckets: [2, 1]),
      "x: bucket bounds must be finite, ascending and at most 64"
    ),
    (
      .init(name: "g", kind: .gauge, help: "D.", labels: ["le"]),
      "g: label 'le' is not a usable label name"
    ),
    (
      .init(name: "g", kind: .gauge, help: "D.", labels: ["adId"]),
      "g: write label 'adId' in snake_case"
    ),
    (.init(name: "g", kind: .gauge, help: "D.", labels: ["a", "a"]), "g: a label name repeats"),
    (
      .init(name: "g", kind: .gauge, help: ""),
      "g: has no help text; say in one sentence what it counts or measures"
    ),
  ]

  @Test("each fault is named, with what to do", arguments: faulty)
  func problems(description: MetricDescription, problem: String) {
    #expect(description.problems == [problem])
  }
}
