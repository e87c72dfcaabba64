import Dispatch
import Foundation
import Monitoring
import Testing

@Suite("Categorical distributions")
struct CategoricalDistributionTests {
  typealias Snapshot = CategoricalDistribution.Snapshot

  @Test("counts each value, and what comes after the limit as other")
  func countsAndOther() {
    let distribution = CategoricalDistribution(known: ["tv"], valuesMax: 3)
    for value in ["mobile", "desktop", "mobile", "watch", "fridge", "mobile", "watch"] {
      distribution.observe(value)
    }
    let snapshot = distribution.snapshot()
    #expect(snapshot == Snapshot(counts: ["tv": 0, "mobile": 3, "desktop": 1], other: 3))
    #expect(snapshot.total == 7)
  }

  @Test("values that are too long count as other; the empty value is a value")
  func oddValues() {
    let distribution = CategoricalDistribution()
    let longest = String(repeating: "x", count: CategoricalDistribution.valueBytesMax)
    for value in ["", longest, longest + "x", "other"] { distribution.observe(value) }
    #expect(distribution.snapshot() == Snapshot(counts: ["": 1, longest: 1, "other": 1], other: 1))
  }

  @Test(
    "agrees with a dictionary for 10,000 draws of 500 values, below and at the limit",
    arguments: [1, 499, 500, 512])
  func againstDictionary(valuesMax: Int) {
    let distribution = CategoricalDistribution(valuesMax: valuesMax)
    var counts: [String: UInt64] = [:]
    var other: UInt64 = 0
    var state: UInt64 = 7
    for _ in 0..<10_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let value = "v\((state >> 33) % 500)"
      distribution.observe(value)
      if counts[value] != nil || counts.count < valuesMax {
        counts[value, default: 0] += 1
      } else {
        other += 1
      }
    }
    #expect(distribution.snapshot() == Snapshot(counts: counts, other: other))
  }

  @Test("loses no observation when threads race for the last places")
  func concurrent() {
    let distribution = CategoricalDistribution(valuesMax: 20)
    let (threadCount, roundCount) = (8, 3_000)
    DispatchQueue.concurrentPerform(iterations: threadCount) { _ in
      for round in 0..<roundCount {
        distribution.observe("v\(round % 30)")
        if round % 1_000 == 0 { #expect(distribution.snapshot().counts.count <= 20) }
      }
    }
    let snapshot = distribution.snapshot()
    let each = UInt64(threadCount * roundCount / 30)
    #expect(snapshot.counts.count == 20)
    #expect(snapshot.counts.values.allSatisfy { $0 == each }, "\(snapshot.counts)")
    #expect(snapshot.other == 10 * each)
  }

  @Test("a window is the difference of two snapshots")
  func window() {
    let distribution = CategoricalDistribution(valuesMax: 2)
    for value in ["a", "b", "c"] { distribution.observe(value) }
    let earlier = distribution.snapshot()
    for value in ["a", "c", "c"] { distribution.observe(value) }
    #expect(distribution.snapshot().since(earlier) == Snapshot(counts: ["a": 1, "b": 0], other: 2))
  }

  @Test("drift is that of the counts, matched by value")
  func divergences() throws {
    let names = "abcdefgh".map(String.init)
    let before = Snapshot(
      counts: .init(uniqueKeysWithValues: zip(names, [156, 97, 34, 55, 197, 32, 53, 29])))
    let now = Snapshot(
      counts: .init(uniqueKeysWithValues: zip(names, [169, 163, 103, 159, 120, 50, 183, 107])))
    // SciPy 1.17.1.
    #expect(
      abs(try #require(now.populationStabilityIndex(from: before)) - 0.3949214035863364) < 1e-12)
    #expect(
      abs(try #require(now.jensenShannonDivergence(from: before)) - 0.07009396128626014) < 1e-12)
    #expect(now.populationStabilityIndex(from: now) == 0)
    #expect(
      Snapshot(counts: ["a": 5]).jensenShannonDivergence(from: Snapshot(counts: ["b": 9])) == 1)
    #expect(now.populationStabilityIndex(from: Snapshot(counts: [:])) == nil)
    #expect(Snapshot(counts: ["a": 0]).jensenShannonDivergence(from: now) == nil)
  }

  @Test(
    "a value that one side counted as other is no drift, and values that never occurred have no bin"
  )
  func otherIsMatched() throws {
    let full = Snapshot(counts: ["a": 50, "b": 30, "c": 20, "never": 0])
    let bounded = Snapshot(counts: ["a": 50, "b": 30], other: 20)
    #expect(full.populationStabilityIndex(from: bounded) == 0)
    #expect(bounded.jensenShannonDivergence(from: full) == 0)
    let bins = try #require(full.matched(with: Snapshot(counts: ["a": 1])))
    #expect(bins.map(\.reference) == [1, 0, 0])
    #expect(bins.map(\.name) == ["a", "b", "c"])
    #expect(bins.map(\.current) == [50, 30, 20])
  }

  @Test("a snapshot survives JSON")
  func json() throws {
    let snapshot = Snapshot(counts: ["a\"": 1, "é": .max], other: 2)
    #expect(
      try JSONDecoder().decode(Snapshot.self, from: JSONEncoder().encode(snapshot)) == snapshot)
  }
}
