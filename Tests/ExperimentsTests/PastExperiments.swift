import Statistics

@testable import Experiments

/// A store's past experiments, whose true effects on six candidate proxies and on the goal are known.
struct PastExperiments {
  let samples: ProxySamples
  let experiments: [Experiment]
  /// The goal, and six candidates.
  let metrics: MetricSet

  /// What the candidates count.
  static let sums: [MetricSum] = [.clicks, .conversions, .visits, .decisions, .conversionValue, .filledSlots]

  /// - parameter planted: the candidate whose true effects go with those on the goal; those of the others have nothing to do
  ///   with it. All metrics share the noise of how active a user is.
  /// - parameter deviation: of the true effects, as logarithms; that of their noise is about 0.14.
  init(planted: Int, seed: UInt64, experimentCount: Int = 20, userCount: Int = 220, deviation: Double = 0.5) throws {
    var random = SeededGenerator(seed: seed)
    var builder = UnitDays.Builder()
    experiments = (0..<experimentCount).map { number in
      Experiment(
        name: "past-\(number)", status: .stopped,
        arms: [Arm(name: "control", weight: 1), Arm(name: "treatment", weight: 1)])
    }
    for number in 0..<experimentCount {
      var effects = Self.sums.map { _ in deviation * random.nextNormal() }
      effects.append(0.9 * effects[planted] + 0.2 * deviation * random.nextNormal())
      for user in 0..<userCount {
        let isTreated = user % 2 == 1
        let arms = builder.arms("{\"past-\(number)\":\"\(isTreated ? "treatment" : "control")\"}")
        let activity = random.nextLogNormal(logMean: 0, logDeviation: 0.7)
        let values = effects.map { effect in
          activity * random.nextLogNormal(logMean: isTreated ? effect : 0, logDeviation: 0.5)
        }
        try builder.add(unit: number * userCount + user, day: Int32(20_000 + number), arms: arms) { sums in
          sums[.impressions] = 10
          for (sum, value) in zip(Self.sums + [.revenue], values) { sums[sum] = value }
        }
      }
    }
    samples = ProxySamples(days: builder.build())
    metrics = try Self.metrics()
  }

  private static func metrics() throws -> MetricSet {
    let perUser = LinearForm([.users: 1])
    let goal = MetricDefinition(
      name: "revenue", title: "revenue", numerator: LinearForm([.revenue: 1]), denominator: perUser, unit: "",
      direction: .up, role: .goal)
    let candidates = sums.map { sum in
      MetricDefinition(
        name: sum.rawValue, title: sum.rawValue, numerator: LinearForm([sum: 1]), denominator: perUser, unit: "",
        direction: .up, role: .proxy)
    }
    return try MetricSet([goal] + candidates)
  }
}
