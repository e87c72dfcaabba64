import Dispatch
import Foundation
import Monitoring
import Testing

@Suite("Histogram distributions")
struct HistogramDistributionTests {
  typealias Snapshot = HistogramDistribution.Snapshot

  @Test("an edge belongs to the bin below it, infinities to the outer bins, NaN is missing")
  func bins() {
    let distribution = HistogramDistribution(edges: [0, 1, 2])
    for value in [-.infinity, -1, 0, 0.5, 1, 1.5, 2.5, .infinity, Double.nan] {
      distribution.observe(value)
    }
    #expect(
      distribution.snapshot() == Snapshot(edges: [0, 1, 2], counts: [3, 2, 1, 2], missing: 1))
    #expect(distribution.snapshot().total == 9)
  }

  @Test("unusable edges are repaired, and no edge makes one bin")
  func repairedEdges() {
    #expect(HistogramDistribution(edges: [2, .nan, 1, 2, .infinity]).edges == [1, 2])
    #expect(HistogramDistribution(edges: (0..<100).map(Double.init)).edges.count == 64)
    let single = HistogramDistribution(edges: [])
    single.observe(3)
    #expect(single.snapshot() == Snapshot(edges: [], counts: [1]))
  }

  @Test("bins agree with a linear search", arguments: [1, 2, 3, 7, 8, 9, 63, 64])
  func againstLinearSearch(edgeCount: Int) {
    let edges = (0..<edgeCount).map { Double($0) / 4 }
    let distribution = HistogramDistribution(edges: edges)
    var counts = [UInt64](repeating: 0, count: edgeCount + 1)
    for step in -8...(edgeCount * 8) {
      let value = Double(step) / 32
      distribution.observe(value)
      counts[edges.firstIndex { value <= $0 } ?? edgeCount] += 1
    }
    #expect(distribution.snapshot().counts == counts)
  }

  @Test("loses no observation of many threads")
  func concurrent() {
    let distribution = HistogramDistribution(edges: [0.25, 0.5, 0.75])
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for round in 0..<4_000 {
        distribution.observe(round % 5 == 4 ? .nan : Double(round % 5) / 4 + 0.125)
      }
    }
    #expect(
      distribution.snapshot()
        == Snapshot(
          edges: [0.25, 0.5, 0.75], counts: [6_400, 6_400, 6_400, 6_400], missing: 6_400))
  }

  @Test("a window is the difference of two snapshots")
  func window() {
    let distribution = HistogramDistribution(edges: [1])
    distribution.observe(0)
    let earlier = distribution.snapshot()
    for value in [0, 2, Double.nan] { distribution.observe(value) }
    #expect(
      distribution.snapshot().since(earlier) == Snapshot(edges: [1], counts: [1, 1], missing: 1))
  }

  @Test("drift is that of the bins; a rise in missing values counts; other edges can't be compared")
  func divergences() throws {
    let before = Snapshot(edges: [1, 2], counts: [10, 0, 30])
    let now = Snapshot(edges: [1, 2], counts: [12, 8, 0])
    // Closed form, cross-checked with SciPy.
    #expect(
      abs(try #require(now.populationStabilityIndex(from: before)) - 4.068870170748892) < 1e-12)
    let gaps = Snapshot(edges: [1, 2], counts: [10, 0, 30], missing: 40)
    let bits = try #require(gaps.jensenShannonDivergence(from: before))
    // P/M is 4/3 in both bins of P; Q/M is 2/3 for half of Q and 2 for the other half: ½ log₂ 4/3 + ¼ log₂ 2/3 + ¼.
    #expect(abs(bits - 0.75 * log2(4.0 / 3)) < 1e-12)
    #expect(now.populationStabilityIndex(from: Snapshot(edges: [1, 3], counts: [1, 1, 1])) == nil)
    #expect(now.jensenShannonDivergence(from: Snapshot(edges: [1, 2], counts: [0, 0, 0])) == nil)
  }
}
