import Events
import Foundation
import GRDB
import Statistics
import Testing

@testable import Experiments

/// Goal: an arm that does harm is stopped, and one that doesn't isn't, however often one looks. Method: seeded populations
/// of users who come back, written as the store keeps them, looked at after each of their days.
@Suite struct GuardrailTests {
  private let start = TestStore.start
  private let guardrails = MetricSet.standard.guardrails

  private func experiment(arms: Int = 2) -> Experiment {
    Experiment(
      name: "x", since: Date(timeIntervalSince1970: Double(start) / 1000),
      arms: (0..<arms).map { Arm(name: "arm\($0)", weight: 1) })
  }

  /// A database with the store's sums of users.
  private func database() throws -> DatabaseQueue {
    let queue = try DatabaseQueue()
    try queue.write { database in
      try database.execute(
        sql: """
          CREATE TABLE arms_name (id INTEGER PRIMARY KEY, experiments TEXT);
          INSERT INTO arms_name VALUES (0, '{"x":"arm0"}'), (1, '{"x":"arm1"}'), (2, '{"x":"arm2"}'), (3, '{}'),
            (4, '{"x":"forced:arm1"}');
          CREATE TABLE user_day_sum (user_id INTEGER, day INTEGER, arms_id INTEGER,
            \(MetricSums.columns.map { "\($0) INTEGER" }.joined(separator: ", ")), PRIMARY KEY (user_id, day, arms_id));
          """)
    }
    return queue
  }

  /// One day of all users: each is as active as its id has it, and comes with probability 0.5.
  private func addDay(
    _ day: Int64, userCount: Int, armCount: Int = 2, to queue: DatabaseQueue, _ random: inout SeededGenerator,
    harm: (_ arm: Int, _ sums: inout MetricSums) -> Void = { _, _ in }
  ) throws {
    try queue.write { database in
      let places = Array(repeating: "?", count: 3 + MetricSums.columns.count).joined(separator: ", ")
      let insert = try database.cachedStatement(sql: "INSERT INTO user_day_sum VALUES (\(places))")
      for user in 0..<userCount where random.nextUniform() < 0.5 {
        let arm = user % armCount
        let pace = 1 + Double(user * 7 % 13)
        var sums = MetricSums()
        sums[.visits] = 1 + (random.nextUniform() * pace).rounded(.down)
        sums[.revenue] = random.nextUniform() < 0.3 ? pace * random.nextUniform() : 0
        sums[.sampledRequests] = 1
        sums[.askedSlots] = 2
        sums[.filledSlots] = random.nextUniform() < 0.9 ? 2 : 1
        sums[.latencyMilliseconds] = 1 + random.nextUniform() * 3
        harm(arm, &sums)
        let whole = [
          sums[.visits], sums[.visits], sums[.visits], 0, 0, sums[.revenue] * 1e6, 0, 0, sums[.sampledRequests],
          sums[.askedSlots], sums[.filledSlots], sums[.latencyMilliseconds] * 1e3,
        ]
        let key = [Int64(user), TestStore.start / 86_400_000 + day, Int64(arm)]
        try insert.execute(arguments: StatementArguments(key + whole.map { Int64($0) }))
      }
    }
  }

  private func breaches(_ experiment: Experiment, _ queue: DatabaseQueue) throws -> [GuardrailBreach] {
    try queue.read { try GuardrailCheck().breaches(of: experiment, metrics: guardrails, in: $0) }
  }

  @Test("an experiment that does no harm is hardly ever stopped, with a look after every one of 12 days")
  func noHarm() throws {
    // A harm of just what is allowed: the worst that mustn't be stopped. Seeds 1 to 20; a test of 5 % stops more than 4 of
    // 20 with probability 0.0026.
    var stopped = 0
    for seed in 1...20 as ClosedRange<UInt64> {
      var random = SeededGenerator(seed: seed)
      let queue = try database()
      var isStopped = false
      for day in 0..<12 {
        try addDay(Int64(day), userCount: 500, to: queue, &random) { arm, sums in
          if arm == 1 { sums[.revenue] *= 0.8 }
        }
        if try !breaches(experiment(), queue).isEmpty { isStopped = true }
      }
      if isStopped { stopped += 1 }
    }
    #expect(stopped <= 4, "\(stopped) of 20")
  }

  @Test(
    "an arm that harms a guardrail is in breach, and only it",
    arguments: ["revenue_per_user", "visits_per_user", "latency", "fill"])
  func harm(metric: String) throws {
    var random = SeededGenerator(seed: 5)
    let queue = try database()
    let three = experiment(arms: 3)
    for day in 0..<6 {
      try addDay(Int64(day), userCount: 3000, armCount: 3, to: queue, &random) { arm, sums in
        guard arm == 2 else { return }
        switch metric {
        case "revenue_per_user": sums[.revenue] *= 0.4
        case "visits_per_user": sums[.visits] = 1
        case "latency": sums[.latencyMilliseconds] *= 2
        default: sums[.filledSlots] = 1
        }
      }
    }
    let found = try breaches(three, queue)
    #expect(found.map(\.arm) == ["arm2"] && found.map(\.metric) == [metric], "\(found)")
    #expect(found.first?.reason.contains("guardrail \(metric): ") == true)
    var stopped = three
    stopped.arms[2].isStopped = true
    #expect(try breaches(stopped, queue).isEmpty)
  }

  @Test("users of several arms, forced ones and too few don't count")
  func uncounted() throws {
    var random = SeededGenerator(seed: 6)
    let queue = try database()
    try addDay(0, userCount: 3000, to: queue, &random) { arm, sums in sums[.filledSlots] = arm == 1 ? 0 : 2 }
    #expect(try breaches(experiment(), queue).count == 1, "nobody differs from another: nothing is left to chance")
    try queue.write { try $0.execute(sql: "UPDATE user_day_sum SET arms_id = 4 WHERE arms_id = 1") }
    #expect(try breaches(experiment(), queue).isEmpty)
    try queue.write { try $0.execute(sql: "UPDATE user_day_sum SET arms_id = 1 WHERE arms_id = 4") }
    try queue.write {
      try $0.execute(
        sql:
          "INSERT INTO user_day_sum SELECT user_id, day + 1, 0, \(MetricSums.columns.joined(separator: ", ")) FROM user_day_sum WHERE arms_id = 1"
      )
    }
    #expect(try breaches(experiment(), queue).isEmpty)
  }
}
