import Events
import Experiments
import Foundation
import Statistics
import Testing

@Suite("Proxy metrics against revenue")
struct ProxyAnalysisTests {
  typealias Impression = TestStore.Impression

  /// What drives the hours of a simulated store.
  enum Driver { case clicks, prices, nothing }

  @Test("the proxy that drives revenue is found", arguments: [UInt64(1), 2, 3])
  func planted(seed: UInt64) throws {
    for (driver, proxy) in [(Driver.clicks, ProxyMetric.ctr), (.prices, .pricePerClick)] {
      let analysis = try ProxyAnalysis(store: store(driver, seed: seed).queue, options: fewDraws)
      let best = try #require(analysis.candidates.first)
      #expect(best.proxy == proxy, "seed \(seed), \(driver)")
      #expect(try #require(best.adjusted).value > 0.5, "seed \(seed), \(driver)")
      #expect(try #require(best.disjoint).interval.low > 0, "seed \(seed), \(driver)")
      #expect(analysis.recommendation.hasPrefix("Take \(proxy == .ctr ? "CTR" : "price per click")"))
      #expect(try #require(best.signAgreement) > 0.6)
    }
  }

  @Test("noise that a proxy shares with revenue isn't taken for a relation")
  func sharedNoise() throws {
    let analysis = try ProxyAnalysis(store: store(.nothing, seed: 4).queue, options: fewDraws)
    let ctr = try #require(analysis.candidates.first { $0.proxy == .ctr })
    #expect(try #require(ctr.adjusted).interval.low > 0, "clicks make revenue, so their chance is on both sides")
    #expect(try #require(ctr.disjoint).interval.low <= 0)
    #expect(!analysis.recommendation.hasPrefix("Take"))
  }

  @Test("a shared daily cycle or trend isn't a relation")
  func cyclesAndTrends() throws {
    let store = try TestStore()
    var random = SeededGenerator(seed: 6)
    for hour in 0..<120 {
      let cycle = 1 + 0.5 * sin(Double(hour % 24) / 24 * 2 * .pi) + Double(hour) / 120
      let rows = (0..<100).map { index in
        Impression(
          user: "user-\(index)", time: TestStore.start + Milliseconds(hour) * TestStore.hour,
          ctr: 0.1 * cycle + 0.01 * random.nextUniform(), clicks: random.nextUniform() < 0.3 * cycle ? [1] : [])
      }
      try store.insert(rows)
    }
    let analysis = try ProxyAnalysis(store: store.queue, options: fewDraws)
    let predicted = try #require(analysis.candidates.first { $0.proxy == .predictedCTR })
    #expect(try #require(predicted.levels).interval.low > 0.5)
    let adjusted = try #require(predicted.adjusted)
    #expect(adjusted.interval.low <= 0 && adjusted.interval.high >= 0)
    let price = try #require(analysis.candidates.first { $0.proxy == .pricePerClick })
    #expect(price.adjusted == nil, "a constant has no correlation")
  }

  @Test("equal seeds give equal intervals")
  func reproducible() throws {
    let store = try store(.clicks, seed: 1, hourCount: 40)
    #expect(
      try ProxyAnalysis(store: store.queue, options: fewDraws) == ProxyAnalysis(store: store.queue, options: fewDraws))
  }

  @Test("segments are the values of a context field, the largest first")
  func segments() throws {
    let store = try TestStore()
    for (device, count, price) in [("mobile", 100, 1.0), ("desktop", 300, 2.0), ("tablet", 60, 3.0), ("tv", 3, 9.0)] {
      let rows = (0..<count).map { index in
        Impression(
          user: "\(device)\(index)", context: ["device": device, "page": "p\(index)"],
          clicks: index % 10 == 0 ? [price] : [])
      }
      try store.insert(rows)
    }
    try store.insert((0..<50).map { Impression(user: "u\($0)") })
    var options = ProxyOptions()
    options.segmentField = "device"
    let analysis = try ProxyAnalysis(store: store.queue, options: options)
    #expect(analysis.segments.map(\.name) == ["desktop", "mobile", "tablet", "(missing)"])
    #expect(analysis.segments.map(\.impressionCount) == [300, 100, 60, 50])
    #expect(analysis.segments.map(\.revenuePerThousand) == [200, 100, 300, 0])
    #expect(analysis.segments[0].proxies.map { $0.map { ($0 * 1000).rounded() } } == [100, 50, 2000, 0])
    let price = try #require(analysis.candidates.first { $0.proxy == .pricePerClick })
    #expect(price.segmentRankCorrelation == 1, "the segment without clicks has no price")
    #expect(analysis.text.contains("desktop"))
  }

  @Test("few data give no correlation and say so")
  func fewData() throws {
    let empty = try ProxyAnalysis(store: TestStore().queue)
    #expect(empty.bucketCount == 0 && empty.recommendation.hasPrefix("Too few data"))
    let few = try ProxyAnalysis(store: store(.clicks, seed: 1, hourCount: 8).queue)
    #expect(few.bucketCount == 8 && few.recommendation.hasPrefix("Too few data"))
    #expect(few.candidates.allSatisfy { $0.adjusted == nil && $0.words == "too few data to judge" })
    let constant = try TestStore()
    for hour in 0..<30 {
      let time = TestStore.start + Milliseconds(hour) * TestStore.hour
      try constant.insert((0..<60).map { Impression(user: "u\($0)", time: time) })
    }
    let idle = try ProxyAnalysis(store: constant.queue)
    #expect(idle.bucketCount == 30 && idle.candidates.allSatisfy { $0.levels == nil })
    var options = ProxyOptions()
    options.bucket = .day
    #expect(try ProxyAnalysis(store: constant.queue, options: options).bucketCount == 2)
  }

  /// Enough for these tests, and quick in a debug build.
  private var fewDraws: ProxyOptions {
    var options = ProxyOptions()
    options.replicateCount = 200
    return options
  }

  private func store(_ driver: Driver, seed: UInt64, hourCount: Int = 120) throws -> TestStore {
    let store = try TestStore()
    var random = SeededGenerator(seed: seed)
    for hour in 0..<hourCount {
      let mood = random.nextUniform()
      let ctr = driver == .clicks ? 0.1 + 0.5 * mood : 0.3
      let price = driver == .prices ? 0.2 + 2 * mood : 1
      let rows = (0..<120).map { index in
        let clicks = random.nextUniform() < ctr ? [price] : []
        return Impression(
          user: "user-\(index)", time: TestStore.start + Milliseconds(hour) * TestStore.hour,
          ctr: 0.3 + 0.01 * random.nextUniform(), clicks: clicks)
      }
      try store.insert(rows)
    }
    return store
  }
}
