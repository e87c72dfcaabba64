import Catalog
import Events
import Foundation
import Statistics
import Testing

@testable import Simulation

/// Experiments on the world's users: the same users are played under both arms, so what an arm does is known, and every seed
/// draws users and arms anew.
@Suite("Experiments in the world")
struct ExperimentTests {
  private static let seedCount = 200

  /// Clicks by user under two ads, and when every fourth page view gets better ones: so small an effect needs more than a
  /// thousand users an arm, whose mean count is about normal, however skewed the counts of single users are.
  private static let outcomes = Result { try play() }

  private static func play() throws -> (control: [Double], treatment: [Double]) {
    let catalog = try SmallWorld.catalog()
    var plan = SmallWorld.plan(hours: 48, viewsPerDay: 6000)
    plan.userCount = 2400
    let world = World(seed: 3, catalog: catalog, start: plan.start)
    let rows = (0..<catalog.count).filter { catalog.isActive($0) }
      .sorted { world.truth.kind(row: $0).appeal > world.truth.kind(row: $1).appeal }
    func clicks(_ rule: @escaping StandInServer.Rule) throws -> [Double] {
      let memory = try SmallWorld.play(plan, catalog: catalog, rule: rule).memory
      var counts = [Double](repeating: 0, count: plan.userCount)
      for event in memory.events where event.kind == .click {
        if let user = Int(event.token.dropFirst().prefix { $0 != "-" }) { counts[user] += 1 }
      }
      return counts
    }
    let (usual, better) = ([rows[40], rows[41]], [rows[15], rows[16]])
    return (
      try clicks { _, _ in usual }, try clicks { view, _ in (view.time ?? 0) % 4 == 0 ? better : usual }
    )
  }

  /// p-values of Welch's test over seeds, each with `count` users an arm, drawn with replacement.
  private func pValues(count: Int, control: [Double], treatment: [Double]) throws -> [Double] {
    try (0..<Self.seedCount).map { seed in
      var random = SeededGenerator(seed: UInt64(seed))
      func draw(_ outcomes: [Double]) -> [Double] {
        (0..<count).map { _ in outcomes[Int(random.nextUniform() * Double(outcomes.count))] }
      }
      let (first, second) = (draw(control), draw(treatment))
      return try #require(WelchTest(control: first, treatment: second, confidence: 0.95)).pValue
    }
  }

  @Test("an A/A experiment over 200 seeds rejects at about 5 %")
  func falsePositives() throws {
    let outcomes = try Self.outcomes.get()
    let rejected = try pValues(count: 600, control: outcomes.control, treatment: outcomes.control).count { $0 < 0.05 }
    // 10 expected, standard deviation 3.1.
    #expect((2...19).contains(rejected), "\(rejected) of \(Self.seedCount)")
  }

  @Test("an A/B experiment with a planted effect is found with the planned power")
  func power() throws {
    let outcomes = try Self.outcomes.get()
    let (control, treatment) = (Moments(outcomes.control), Moments(outcomes.treatment))
    let effect = try #require(treatment.mean) - #require(control.mean)
    let variance = try (#require(treatment.variance) + #require(control.variance)) / 2
    try #require(effect > 0)
    // Two-sided at 5 %, power 80 %: n = 2 σ² (1.96 + 0.8416)² / Δ² users an arm.
    let count = Int((2 * variance * 7.849 / (effect * effect)).rounded(.up))
    #expect(count > 1000, "normal enough")
    let found = try pValues(count: count, control: outcomes.control, treatment: outcomes.treatment).count { $0 < 0.05 }
    // 160 expected, standard deviation 5.7.
    #expect((142...176).contains(found), "\(found) of \(Self.seedCount) with \(count) users an arm")
  }
}
