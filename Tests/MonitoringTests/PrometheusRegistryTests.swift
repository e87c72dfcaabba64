import Foundation
import Metrics
import Monitoring
import Testing

@Suite("Prometheus registry")
struct PrometheusRegistryTests {
  @Test("a page is, byte for byte, what the two formats prescribe")
  func wholePage() {
    let registry = PrometheusRegistry(descriptions: [
      MetricDescription(
        name: "shop_visits_total", kind: .counter, help: "Visits, \"all\" of\nthem \\ counted.",
        labels: ["page", "device"]),
      MetricDescription(
        name: "shop_wait_seconds", kind: .histogram, help: "Wait.", unit: .seconds,
        buckets: [0.00001, 0.5, 1]),
      MetricDescription(name: "shop_queue_bytes", kind: .gauge, help: "Queue.", unit: .bytes),
    ])
    let visits = Counter(
      label: "shop_visits_total", dimensions: [("page", "a\"b\\c\nd"), ("device", "tv")],
      factory: registry)
    visits.increment(by: 3)
    let wait = Timer(label: "shop_wait_seconds", dimensions: [], factory: registry)
    wait.recordMilliseconds(500)
    wait.recordSeconds(2)
    Gauge(label: "shop_queue_bytes", factory: registry).record(1.5)
    #expect(
      registry.page(.text) == #"""
        # HELP adloop_metrics_series_refused_total Handles refused a series of their own because of their labels, their kind, or a limit on series or families.
        # TYPE adloop_metrics_series_refused_total counter
        # HELP adloop_metrics_values_refused_total Values left out of a metric: NaN, infinite, or negative where only a rise makes sense.
        # TYPE adloop_metrics_values_refused_total counter
        adloop_metrics_values_refused_total 0
        # HELP shop_queue_bytes Queue.
        # TYPE shop_queue_bytes gauge
        shop_queue_bytes 1.5
        # HELP shop_visits_total Visits, "all" of\nthem \\ counted.
        # TYPE shop_visits_total counter
        shop_visits_total{device="tv",page="a\"b\\c\nd"} 3
        # HELP shop_wait_seconds Wait.
        # TYPE shop_wait_seconds histogram
        shop_wait_seconds_bucket{le="1e-05"} 0
        shop_wait_seconds_bucket{le="0.5"} 1
        shop_wait_seconds_bucket{le="1.0"} 1
        shop_wait_seconds_bucket{le="+Inf"} 2
        shop_wait_seconds_sum 2.5
        shop_wait_seconds_count 2

        """#)
    let own = registry.page(.openMetrics).components(separatedBy: "# HELP shop_queue_bytes")
    #expect(
      "# HELP shop_queue_bytes" + own[1] == #"""
        # HELP shop_queue_bytes Queue.
        # TYPE shop_queue_bytes gauge
        # UNIT shop_queue_bytes bytes
        shop_queue_bytes 1.5
        # HELP shop_visits Visits, \"all\" of\nthem \\ counted.
        # TYPE shop_visits counter
        shop_visits_total{device="tv",page="a\"b\\c\nd"} 3
        # HELP shop_wait_seconds Wait.
        # TYPE shop_wait_seconds histogram
        # UNIT shop_wait_seconds seconds
        shop_wait_seconds_bucket{le="1e-05"} 0
        shop_wait_seconds_bucket{le="0.5"} 1
        shop_wait_seconds_bucket{le="1.0"} 1
        shop_wait_seconds_bucket{le="+Inf"} 2
        shop_wait_seconds_sum 2.5
        shop_wait_seconds_count 2
        # EOF

        """#)
  }

  @Test("the page doesn't depend on the order in which handles were made")
  func deterministicOrder() {
    let pages = [[0, 1, 2, 3], [3, 1, 0, 2], [2, 3, 1, 0]].map { order in
      let registry = PrometheusRegistry(descriptions: [])
      for index in order {
        Counter(label: "b", dimensions: [("x", "\(index)"), ("a", "1")], factory: registry)
          .increment()
        Counter(label: "a\(index)", dimensions: [], factory: registry).increment()
      }
      return registry.page()
    }
    #expect(pages[0] == pages[1])
    #expect(pages[0] == pages[2])
    #expect(pages[0].contains(#"b_total{a="1",x="2"} 1"#))
  }

  @Test("labels that aren't Prometheus names become such names, by kind")
  func names() {
    let registry = PrometheusRegistry(descriptions: [])
    Counter(label: "http.requests", factory: registry).increment()
    FloatingPointCounter(label: "revenue_total", factory: registry).increment(by: 0.25)
    Meter(label: "pool count", factory: registry).set(7)
    Gauge(label: "9lives_total", factory: registry).record(9)
    Timer(label: "rank_ms", factory: registry).recordNanoseconds(10_000)
    Recorder(label: "batch.size", factory: registry).record(10)
    let page = registry.page()
    for line in [
      "http_requests_total 1", "revenue_total 0.25", "pool 7", "_9lives 9",
      #"rank_seconds_bucket{le="1e-05"} 1"#,
      #"rank_seconds_bucket{le="1.0"} 1"#, #"batch_size_bucket{le="1.0"} 0"#,
      #"batch_size_bucket{le="1e+06"} 1"#,
      "# HELP rank_seconds No description is registered for this histogram.",
    ] {
      #expect(page.contains("\n\(line)\n"), "\(line)")
    }
  }

  @Test(
    "handles with equal labels share one series, whatever their order, and an empty label is no label"
  )
  func sharedSeries() {
    let registry = PrometheusRegistry(descriptions: [])
    Counter(label: "c", dimensions: [("a", "1"), ("b", "2")], factory: registry).increment()
    Counter(label: "c", dimensions: [("b", "2"), ("a", "1")], factory: registry).increment()
    FloatingPointCounter(label: "c_total", dimensions: [("b", "2"), ("a", "1")], factory: registry)
      .increment(by: 0.5)
    Counter(label: "c", dimensions: [("b", ""), ("a", "1")], factory: registry).increment()
    #expect(registry.lines("c_total") == [#"c_total{a="1"} 1"#, #"c_total{a="1",b="2"} 2.5"#])
  }

  @Test("a family never has more series than its limit and one for overflow, and loses no count")
  func seriesLimit() {
    let registry = PrometheusRegistry(descriptions: [], seriesPerFamilyMax: 3)
    for index in 0..<50 {
      Counter(label: "scan", dimensions: [("path", "/\(index)")], factory: registry).increment()
    }
    Counter(label: "scan", dimensions: [("path", "/1")], factory: registry).increment()
    #expect(
      registry.lines("scan_total") == [
        #"scan_total{path="/0"} 1"#, #"scan_total{path="/1"} 2"#, #"scan_total{path="/2"} 1"#,
        #"scan_total{path="_overflow"} 47"#,
      ])
    #expect(
      registry.lines("adloop_metrics_series_refused_total") == [
        #"adloop_metrics_series_refused_total{family="scan"} 47"#
      ])
  }

  @Test(
    "labels that the description doesn't allow, repeat, are reserved or too long go to the overflow series"
  )
  func unusableLabels() {
    let described = MetricDescription(
      name: "hits_total", kind: .counter, help: "Hits.", labels: ["device"])
    let registry = PrometheusRegistry(descriptions: [described])
    let refused: [[(String, String)]] = [
      [("user", "u1")], [("device", "a"), ("device", "b")], [("__name__", "x")], [("le", "1")],
      [("", "x")],
      [("device", String(repeating: "x", count: 257))],
    ]
    for dimensions in refused {
      Counter(label: "hits", dimensions: dimensions, factory: registry).increment()
    }
    Counter(label: "hits", dimensions: [("device", "tv")], factory: registry).increment()
    Counter(label: "hits", dimensions: [], factory: registry).increment()
    #expect(
      registry.lines("hits_total") == [
        "hits_total 1", #"hits_total{device="_overflow"} 6"#, #"hits_total{device="tv"} 1"#,
      ])
    #expect(registry.page().contains(#"series_refused_total{family="hits"} 6"#))
  }

  @Test("families are limited too: what comes after the limit is counted, not exposed")
  func familyLimit() {
    let registry = PrometheusRegistry(descriptions: [])
    let extra = 20
    let ownCount = 2
    for index in 0..<PrometheusRegistry.familiesMax - ownCount + extra {
      Gauge(label: "family_\(index)", factory: registry).record(1)
    }
    #expect(registry.lines("# TYPE").count == PrometheusRegistry.familiesMax)
    #expect(registry.page().contains(#"series_refused_total{family="_overflow"} \#(extra)"#))
  }

  @Test("a name has one kind: a handle of another kind is counted as refused and does no harm")
  func kindMismatch() {
    let registry = PrometheusRegistry(descriptions: [])
    Counter(label: "thing", factory: registry).increment()
    Gauge(label: "thing", factory: registry).record(5)
    Recorder(label: "thing", factory: registry).record(5)
    #expect(registry.lines("thing") == ["thing_total 1"])
    #expect(registry.page().contains(#"series_refused_total{family="thing"} 2"#))
  }

  @Test("NaN, infinity and negative rises are counted and change nothing")
  func refusedValues() {
    let registry = PrometheusRegistry(descriptions: [])
    let counter = FloatingPointCounter(label: "money", factory: registry)
    for value in [1.5, Double.nan, Double.infinity, -1] { counter.increment(by: value) }
    registry.makeCounter(label: "clicks", dimensions: []).increment(by: -5)
    let recorder = Recorder(label: "size", factory: registry)
    for value in [2, Double.nan, -Double.infinity] { recorder.record(value) }
    Timer(label: "wait", factory: registry).recordNanoseconds(-1)
    let meter = Meter(label: "level", factory: registry)
    meter.set(2)
    meter.increment(by: Double.nan)
    meter.decrement(by: 0.5)
    let page = registry.page()
    for line in [
      "money_total 1.5", "clicks_total 0", "size_sum 2", "size_count 1", "wait_seconds_count 0",
      "level 1.5",
    ] {
      #expect(page.contains("\n\(line)\n"), "\(line)")
    }
    #expect(page.contains("\nadloop_metrics_values_refused_total 8\n"))
  }

  @Test("gauges show NaN and infinities as Prometheus writes them")
  func specialValues() {
    let registry = PrometheusRegistry(descriptions: [])
    for (name, value) in [
      ("a", Double.nan), ("b", .infinity), ("c", -.infinity), ("d", -0.0), ("e", 1e300), ("f", 0.1),
    ] {
      Gauge(label: name, factory: registry).record(value)
    }
    let values = ["a NaN", "b +Inf", "c -Inf", "d 0", "e 1e+300", "f 0.1"]
    let samples = registry.lines("").filter { !$0.hasPrefix("#") && !$0.hasPrefix("adloop_") }
    #expect(samples == values)
  }

  @Test("the default latency buckets are 16, from 10 µs to 1 s, and a bound belongs to its bucket")
  func latencyBuckets() {
    let registry = PrometheusRegistry(descriptions: [])
    let timer = Timer(label: "t", factory: registry)
    for nanoseconds in [10_000, 10_001, 25_000, 1_000_000_000, 1_000_000_001] {
      timer.recordNanoseconds(nanoseconds)
    }
    let buckets = registry.lines("t_seconds_bucket")
    #expect(buckets.count == 17)
    #expect(
      buckets[0...2] == [
        #"t_seconds_bucket{le="1e-05"} 1"#, #"t_seconds_bucket{le="2.5e-05"} 3"#,
        #"t_seconds_bucket{le="5e-05"} 3"#,
      ])
    #expect(
      buckets[15...] == [#"t_seconds_bucket{le="1.0"} 4"#, #"t_seconds_bucket{le="+Inf"} 5"#])
  }

  @Test("bounds are written as OpenMetrics' canonical numbers, in both formats")
  func canonicalBounds() {
    let bounds = [
      -2_500_000, 0.0001, 0.001, 10, 100_000, 1_000_000, 1_234_567.5, 25_000_000, 1e10, 1e20,
    ]
    let description = MetricDescription(name: "h", kind: .histogram, help: "H.", buckets: bounds)
    let registry = PrometheusRegistry(descriptions: [description])
    let texts = [
      "-2.5e+06", "0.0001", "0.001", "10.0", "100000.0", "1e+06", "1.2345675e+06", "2.5e+07",
      "1e+10", "1e+20", "+Inf",
    ]
    for format in Exposition.Format.allCases {
      #expect(registry.lines("h_bucket", format) == texts.map { "h_bucket{le=\"\($0)\"} 0" })
    }
  }

  @Test("callbacks set values at scrape time, in order, and may make handles")
  func collectCallbacks() {
    let registry = PrometheusRegistry(descriptions: [])
    let depth = registry.makeMeter(label: "depth", dimensions: [])
    registry.onCollect { depth.set(1 as Int64) }
    registry.onCollect { [unowned registry] in
      depth.set(2 as Int64)
      Counter(label: "scrapes", factory: registry).increment()
    }
    _ = registry.page()
    #expect(registry.page().contains("\nscrapes_total 2\n"))
    #expect(registry.lines("depth") == ["depth 2"])
  }

  @Test("a destroyed series leaves the page and frees its place")
  func destroyed() {
    let registry = PrometheusRegistry(descriptions: [], seriesPerFamilyMax: 1)
    let old = Counter(label: "c", dimensions: [("arm", "old")], factory: registry)
    old.increment()
    old.destroy()
    Counter(label: "c", dimensions: [("arm", "new")], factory: registry).increment()
    #expect(registry.lines("c_total") == [#"c_total{arm="new"} 1"#])
  }

  @Test(
    "a described counter or histogram without labels starts at zero, a gauge with its first handle")
  func startsAtZero() {
    let registry = PrometheusRegistry(descriptions: [
      MetricDescription(name: "c_total", kind: .counter, help: "C."),
      MetricDescription(name: "g", kind: .gauge, help: "G."),
      MetricDescription(name: "h", kind: .histogram, help: "H.", buckets: []),
    ])
    #expect(registry.lines("c_total") == ["c_total 0"])
    #expect(registry.lines("g").isEmpty)
    #expect(registry.lines("h") == [#"h_bucket{le="+Inf"} 0"#, "h_sum 0", "h_count 0"])
  }
}
