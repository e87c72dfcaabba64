import Dispatch
import Metrics
import Monitoring
import Synchronization
import Testing

@Suite("Registry under concurrency")
struct RegistryConcurrencyTests {
  @Test("no observation of a labelled series is lost, while others make handles and scrape")
  func nothingIsLost() {
    let registry = PrometheusRegistry(descriptions: [])
    let (threadCount, roundCount, labelCount) = (8, 2_000, 4)
    DispatchQueue.concurrentPerform(iterations: threadCount) { thread in
      for round in 0..<roundCount {
        let labels = [("arm", "\((thread + round) % labelCount)")]
        Counter(label: "events", dimensions: labels, factory: registry).increment()
        FloatingPointCounter(label: "revenue", dimensions: labels, factory: registry).increment(
          by: 0.25)
        Timer(label: "rank", dimensions: labels, factory: registry).recordMicroseconds(100)
        Meter(label: "inflight", dimensions: labels, factory: registry).increment(by: 1)
        if round % 500 == 0 { _ = registry.exposition(.openMetrics) }
      }
    }
    let each = threadCount * roundCount / labelCount
    for label in 0..<labelCount {
      #expect(
        registry.lines(#"events_total{arm="\#(label)"}"#) == [
          #"events_total{arm="\#(label)"} \#(each)"#
        ])
      #expect(
        registry.lines(#"revenue_total{arm="\#(label)"}"#) == [
          #"revenue_total{arm="\#(label)"} \#(each / 4)"#
        ])
      #expect(
        registry.lines(#"rank_seconds_count{arm="\#(label)"}"#) == [
          #"rank_seconds_count{arm="\#(label)"} \#(each)"#
        ])
      #expect(
        registry.lines(#"inflight{arm="\#(label)"}"#) == [#"inflight{arm="\#(label)"} \#(each)"#])
    }
  }

  @Test("handles made at once keep to the limit, and every increment is in some series")
  func limitHolds() {
    let registry = PrometheusRegistry(descriptions: [], seriesPerFamilyMax: 10)
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for index in 0..<100 {
        Counter(label: "c", dimensions: [("x", "\(thread)-\(index)")], factory: registry)
          .increment()
      }
    }
    let values = registry.lines("c_total").compactMap {
      $0.split(separator: " ").last.flatMap { Int($0) }
    }
    #expect(values.count == 11)
    #expect(values.reduce(0, +) == 800)
  }

  @Test("in every scrape a histogram's buckets rise and its count is its last bucket")
  func histogramsAgreeWithThemselves() {
    let registry = PrometheusRegistry(descriptions: [])
    let timer = Timer(label: "t", factory: registry)
    let isDone = Atomic(false)
    DispatchQueue.concurrentPerform(iterations: 3) { thread in
      if thread > 0 {
        for index in 0..<20_000 { timer.recordMicroseconds(index % 2_000) }
        isDone.store(true, ordering: .relaxed)
        return
      }
      repeat {
        let lines = registry.lines("t_seconds")
        let values = lines.compactMap { $0.split(separator: " ").last.flatMap { UInt64($0) } }
        let buckets = values.prefix(17)
        #expect(zip(buckets, buckets.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(buckets.last == values.last)
      } while !isDone.load(ordering: .relaxed)
    }
    #expect(registry.lines("t_seconds_count") == ["t_seconds_count 40000"])
  }
}
