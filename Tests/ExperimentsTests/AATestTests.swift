import Events
import Statistics
import Testing

@testable import Experiments

@Suite("A/A experiments on the store's own users")
struct AATestTests {
  @Test("right methods call 5 % different when read once, and at most 5 % when looked at daily", arguments: [UInt64(1)])
  func calibrated(seed: UInt64) throws {
    var options = AAOptions()
    options.runCount = 120
    options.dayCountMax = 6
    let test = try AATest(Self.users(count: 300, dayCount: 6, seed: seed), metrics: .plain, options)
    #expect(test.userCount == 300 && test.dayCount == 6)
    #expect(test.metrics.map(\.metric) == ["ctr", "revenue_per_user", "rpm"])
    for outcome in test.metrics {
      // 6 expected, standard deviation 2.4.
      #expect((1...14).contains(outcome.fixedHorizon.count), "seed \(seed), \(outcome)")
      #expect(outcome.alwaysValid.count <= 6, "seed \(seed), \(outcome)")
      #expect(outcome.histogram.reduce(0, +) == 120 && outcome.histogram.allSatisfy { (2...26).contains($0) })
      #expect(outcome.verdict == .right)
    }
    #expect(test.sampleRatioAlarms.count <= 2)
    #expect(test.conclusion.contains("can be trusted"))
    #expect(test.text.contains("looked at daily"))
  }

  @Test("equal seeds give equal results, whatever runs at once; the past is used when there is one")
  func reproducible() throws {
    var options = AAOptions()
    options.runCount = 20
    options.dayCountMax = 5
    options.userCountMax = 200
    let days = Self.users(count: 400, dayCount: 10, seed: 2)
    let first = try AATest(days, metrics: .plain, options)
    #expect(try first == AATest(days, metrics: .plain, options))
    #expect(first.userCount == 200 && first.dayCount == 5)
    #expect(first.metrics.allSatisfy { $0.withPast != nil })
  }

  @Test("too few users are refused with what is needed")
  func few() throws {
    let few = #expect(throws: ExperimentError.self) {
      try AATest(Self.users(count: 50, dayCount: 3, seed: 1), metrics: .plain, AAOptions())
    }
    #expect(few?.description.contains("200 are the least") == true)
  }

  /// Users with habits of their own, and prices with a tail.
  static func users(count: Int, dayCount: Int, seed: UInt64) -> UnitDays {
    var random = SeededGenerator(seed: seed)
    var builder = UnitDays.Builder()
    let arms = builder.arms("{}")
    for unit in 0..<count {
      let appetite = random.nextUniform() * 0.4
      for day in 0..<dayCount where random.nextUniform() < 0.4 || day == unit % dayCount {
        let views = 1 + random.nextPoisson(mean: 2)
        let clicks = (0..<views).count { _ in random.nextUniform() < appetite }
        let revenue = (0..<clicks).reduce(0.0) { sum, _ in sum + random.nextLogNormal(logMean: 0, logDeviation: 0.7) }
        try? builder.add(unit: unit, day: Int32(20_000 + day), arms: arms) { sums in
          sums[.impressions] = Double(views)
          sums[.clicks] = Double(clicks)
          sums[.revenue] = revenue
        }
      }
    }
    return builder.build()
  }
}
