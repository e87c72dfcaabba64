import Foundation
import Metrics
import Monitoring
import Testing

private let promtool = "/usr/bin/promtool"

@Suite("Prometheus' own tool", .enabled(if: FileManager.default.isExecutableFile(atPath: promtool)))
struct PromtoolTests {
  /// A registry with every kind, odd labels, refusals and special values.
  private func fullRegistry() -> PrometheusRegistry {
    let registry = PrometheusRegistry(
      descriptions: [
        MetricDescription(
          name: "adloop_events_total", kind: .counter, help: "Events \"stored\" \\.",
          labels: ["event"]),
        MetricDescription(
          name: "adloop_read_bytes_total", kind: .counter, help: "Bytes.", unit: .bytes),
        MetricDescription(
          name: "adloop_rank_duration_seconds", kind: .histogram, help: "Time.", unit: .seconds,
          labels: ["device"]),
      ], seriesPerFamilyMax: 5)
    registry.addProcessMetrics(version: "1.0")
    for event in ["click", "a\"b", "back\\slash", "line\nfeed", "ünïcode", "more", "and more"] {
      Counter(label: "adloop_events_total", dimensions: [("event", event)], factory: registry)
        .increment()
    }
    Timer(label: "adloop_rank_duration", dimensions: [("device", "tv")], factory: registry)
      .recordMicroseconds(99)
    FloatingPointCounter(label: "revenue", factory: registry).increment(by: 0.1)
    Gauge(label: "empty.ratio", factory: registry).record(Double.nan)
    Recorder(label: "batch", factory: registry).record(1e9)
    return registry
  }

  @Test("has nothing to object to in the text format")
  func text() throws {
    let result = try #require(
      try run(promtool, ["check", "metrics"], input: fullRegistry().page(.text)))
    #expect(result.status == 0)
    #expect(result.output == "")
  }

  @Test("reads every sample of the OpenMetrics format with its OpenMetrics parser")
  func openMetrics() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let lines = fullRegistry().page(.openMetrics).split(
      separator: "\n", omittingEmptySubsequences: false)
    // The importer, unlike a scrape, wants a time with every sample.
    let timed = lines.map { $0.isEmpty || $0.hasPrefix("#") ? String($0) : "\($0) 1700000000" }
      .joined(separator: "\n")
    let (page, blocks) = (
      folder.appendingPathComponent("page"), folder.appendingPathComponent("blocks")
    )
    try timed.write(to: page, atomically: true, encoding: .utf8)
    let arguments = ["tsdb", "create-blocks-from", "openmetrics", page.path, blocks.path]
    let result = try #require(try run(promtool, arguments, input: ""))
    #expect(result.status == 0, "\(result.output)")
    let sampleCount = lines.count { !$0.isEmpty && !$0.hasPrefix("#") }
    // Reading blocks back wants a write-ahead log beside them, be it empty.
    try FileManager.default.createDirectory(
      at: blocks.appendingPathComponent("wal"), withIntermediateDirectories: true)
    let dump = try #require(try run(promtool, ["tsdb", "dump", blocks.path], input: ""))
    #expect(dump.output.split(separator: "\n").count == sampleCount, "\(dump.output)")
  }
}
