import Events
import Foundation
import Statistics
import Testing

@testable import Experiments

@Suite("Proxy metrics against the goal")
struct ProxyAnalysisTests {
  typealias Impression = TestStore.Impression

  @Test("of six candidates the planted good one is picked by past experiments", arguments: UInt64(1)...20)
  func plantedInExperiments(seed: UInt64) throws {
    let planted = Int(seed % 6)
    let past = try PastExperiments(planted: planted, seed: seed)
    let analysis = ProxyAnalysis(
      past.samples, experiments: past.experiments, business: past.metrics.metrics[0], metrics: past.metrics, fewDraws)
    let best = try #require(analysis.candidates.first)
    let name = PastExperiments.sums[planted].rawValue
    #expect(best.proxy.name == name, "seed \(seed): \(analysis.recommendation)")
    #expect(analysis.candidates.count == 6 && analysis.comparisonCount >= 19)
    let relation = try #require(best.experiments)
    #expect(relation.interval.low > 0 && relation.correlation > 0.7, "seed \(seed)")
    #expect(try #require(relation.signAgreement) > 0.5, "seed \(seed)")
    #expect(analysis.recommendation.hasPrefix("Take \(name) as the proxy"), "seed \(seed)")
    let others = analysis.candidates.dropFirst().compactMap(\.experiments)
    // Activity makes all of them look alike; without it nothing is left.
    #expect(others.allSatisfy { $0.correlation < relation.correlation }, "seed \(seed)")
  }

  @Test("the correlation of true effects is found where shared noise drowns it")
  func sharedNoiseOfExperiments() throws {
    let past = try PastExperiments(planted: 0, seed: 77, experimentCount: 50, deviation: 0.12)
    let analysis = ProxyAnalysis(
      past.samples, experiments: past.experiments, business: past.metrics.metrics[0], metrics: past.metrics, fewDraws)
    let others = analysis.candidates.filter { $0.proxy.name != "clicks" }.compactMap(\.experiments)
    let naive = others.map(\.naiveCorrelation).reduce(0, +) / Double(others.count)
    let corrected = others.map(\.correlation).reduce(0, +) / Double(others.count)
    #expect(others.count >= 3 && naive > 0.1 && corrected < naive - 0.1, "\(naive) \(corrected)")
  }

  @Test("by the hour, the proxy that drives revenue is found", arguments: [UInt64(1), 2, 3])
  func plantedInHours(seed: UInt64) throws {
    let analysis = try ProxyAnalysis(store: store(isDriven: true, seed: seed).queue, metrics: byHour, options: fewDraws)
    let best = try #require(analysis.candidates.first)
    #expect(analysis.bucket == .hour && best.proxy.name == "ctr", "seed \(seed)")
    #expect(try #require(best.adjusted).value > 0.5, "seed \(seed)")
    #expect(try #require(best.disjoint).interval.low > 0, "seed \(seed)")
    #expect(analysis.recommendation.hasPrefix("Take CTR"), "seed \(seed)")
    #expect(try #require(best.signAgreement) > 0.6)
    #expect(best.unitsPerArm != nil && analysis.businessUnitsPerArm != nil)
  }

  @Test("noise that a proxy shares with revenue isn't taken for a relation")
  func sharedNoise() throws {
    let analysis = try ProxyAnalysis(store: store(isDriven: false, seed: 4).queue, metrics: byHour, options: fewDraws)
    let ctr = try #require(analysis.candidates.first { $0.proxy.name == "ctr" })
    #expect(try #require(ctr.adjusted).interval.low > 0, "clicks make revenue, so their chance is on both sides")
    #expect(try #require(ctr.disjoint).interval.low <= 0)
    #expect(!analysis.recommendation.hasPrefix("Take"))
  }

  @Test("segments are the values of a context field at a user's first impression, the largest first")
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
    var options = fewDraws
    options.segmentField = "device"
    let analysis = try ProxyAnalysis(store: store.queue, metrics: byHour, options: options)
    #expect(analysis.segments.map(\.name) == ["desktop", "mobile", "tablet", "(missing)"])
    #expect(analysis.segments.map(\.impressionCount) == [300, 100, 60, 50])
    #expect(analysis.segments.map { $0.business.map { ($0 * 1000).rounded() } } == [200, 100, 300, 0])
    #expect(analysis.text.contains("desktop"))
  }

  @Test("few data give no correlation and say so; equal seeds give equal intervals")
  func fewData() throws {
    let empty = try ProxyAnalysis(store: TestStore().queue, metrics: byHour)
    #expect(empty.bucketCount == 0 && empty.recommendation.hasPrefix("Too few data"))
    let store = try store(isDriven: true, seed: 1, hourCount: 8)
    let few = try ProxyAnalysis(store: store.queue, metrics: byHour)
    #expect(few.bucketCount == 8 && few.recommendation.hasPrefix("Too few data"))
    #expect(few.candidates.allSatisfy { $0.adjusted == nil && $0.words == "too few data to judge" })
    #expect(try few == ProxyAnalysis(store: store.queue, metrics: byHour))
    var options = fewDraws
    options.bucket = .day
    #expect(try ProxyAnalysis(store: store.queue, metrics: byHour, options: options).bucketCount == 1)
    let goalless = try MetricSet([byHour.metrics[1]])
    #expect(throws: ExperimentError.self) { try ProxyAnalysis(store: store.queue, metrics: goalless) }
  }

  /// Enough for these tests, and quick in a debug build.
  private var fewDraws: ProxyOptions {
    var options = ProxyOptions()
    options.replicateCount = 200
    return options
  }

  private var byHour: MetricSet {
    get throws {
      let impressions = LinearForm([.impressions: 1])
      return try MetricSet([
        MetricDefinition(
          name: "rpi", title: "revenue per impression", numerator: LinearForm([.revenue: 1]), denominator: impressions,
          unit: "", direction: .up, role: .goal),
        MetricDefinition(
          name: "ctr", title: "CTR", numerator: LinearForm([.clicks: 1]), denominator: impressions, unit: "%",
          direction: .up, role: .proxy),
        MetricDefinition(
          name: "predicted", title: "predicted CTR", numerator: LinearForm([.predictedClicks: 1]),
          denominator: impressions, unit: "%", direction: .up, role: .proxy),
      ])
    }
  }

  private func store(isDriven: Bool, seed: UInt64, hourCount: Int = 120) throws -> TestStore {
    let store = try TestStore()
    var random = SeededGenerator(seed: seed)
    for hour in 0..<hourCount {
      let ctr = isDriven ? 0.1 + 0.5 * random.nextUniform() : 0.3
      let rows = (0..<120).map { index in
        Impression(
          user: "user-\(index)", time: TestStore.start + Milliseconds(hour) * TestStore.hour,
          ctr: 0.3 + 0.01 * random.nextUniform(), clicks: random.nextUniform() < ctr ? [1] : [])
      }
      try store.insert(rows)
    }
    return store
  }
}

@Suite("The proxy of the last week")
struct LiveProxyTests {
  @Test("prices that go their own way break the correlation; few hours have none", arguments: UInt64(1)...3)
  func live(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    func hours(_ count: Int64, isBroken: Bool) -> [Int64: LiveProxy.Hour] {
      Dictionary(
        uniqueKeysWithValues: (0..<count).map { hour in
          let ctr = 0.03 + 0.01 * sin(Double(hour % 24)) + 0.002 * random.nextNormal()
          let price = isBroken ? 1 + 0.5 * random.nextUniform() - 20 * (ctr - 0.03) : 1 + 0.02 * random.nextNormal()
          return (hour, LiveProxy.Hour(ctr: ctr, revenue: 1000 * ctr * price))
        })
    }
    #expect(try #require(LiveProxy(hours(168, isBroken: false)).correlation) > 0.9, "seed \(seed)")
    #expect(try #require(LiveProxy(hours(168, isBroken: true)).correlation) < 0.5, "seed \(seed)")
    let few = LiveProxy(hours(20, isBroken: false))
    #expect(few.correlation == nil && few.hourCount == 20)
  }
}
