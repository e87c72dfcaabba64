import Catalog
import Events
import Foundation
import Testing

@testable import Experiments
@testable import Simulation

/// An experiment in a world whose users learn: one half is shown ads that promise more than they keep.
@Suite("The long run in the world")
struct LongTermTests {
  private static let dayCount = 28

  @Test("the arm with more clicks today that hurts users is called a loss in the long run")
  func bait() throws {
    let report = try Self.report()
    let money = try #require(report.longTerm.first { $0.metric == "revenue_per_user" })
    let clicks = try #require(report.longTerm.first { $0.metric == "ctr" })
    #expect(clicks.shortTerm.interval.low > 0, "clicks come more often at first: \(clicks)")
    #expect(money.shortTerm.value > 0, "and so does money: \(money)")
    #expect(clicks.learned.interval.high < 0 && money.learned.interval.high < 0)
    #expect(money.verdict == .lower && money.year.interval.high < 0)
    #expect(try #require(money.yearPerUnit).value < 0)
    #expect(money.design == .cohort && money.windowDayCount == 7)
    #expect(report.sampleRatio?.isMismatch == false)
    let note = try #require(report.notes.first)
    #expect(note.hasPrefix("'bait' is a loss in the long run"), "\(note)")
  }

  private static func report() throws -> ExperimentReport {
    let catalog = try SmallWorld.catalog()
    var plan = SmallWorld.plan(hours: dayCount * 24, viewsPerDay: 2900)
    plan.userCount = 720
    let world = World(seed: 3, catalog: catalog, start: plan.start)
    let bait = Array(ads(world, isBait: true).prefix(2))
    let appeal = world.truth.kind(row: bait[1]).appeal
    // Honest ads that are clicked a little less.
    let fair = Array(ads(world, isBait: false).filter { world.truth.kind(row: $0).appeal < appeal - 0.5 }.prefix(2))
    let memory = try SmallWorld.play(plan, catalog: catalog) { view, _ in
      isTreated(view.user) ? bait : fair
    }.memory
    let experiment = Experiment(
      name: "bait", arms: [Arm(name: "fair", weight: 1), Arm(name: "bait", weight: 1)])
    let sample = ExperimentUnits(experiment, days: try days(memory.events), pastDayCount: 0)
    return ExperimentReport(sample, metrics: .standard, ReportOptions())
  }

  private static func isTreated(_ user: some StringProtocol) -> Bool { (Int(user.dropFirst()) ?? 0) % 2 == 1 }

  /// The ads that are bait or aren't, those that are clicked most first.
  private static func ads(_ world: World, isBait: Bool) -> [Int] {
    (0..<world.catalog.count).filter { row in
      world.catalog.isActive(row) && world.truth.campaigns[world.truth.kind(row: row).campaign].isBait == isBait
    }.sorted { world.truth.kind(row: $0).appeal > world.truth.kind(row: $1).appeal }
  }

  /// What users did by day; a click is worth 1 whatever the ad. A token is USER-TIME-PLACE.
  private static func days(_ events: [EventMessage]) throws -> UnitDays {
    var builder = UnitDays.Builder()
    for event in events where event.kind != .conversion {
      let parts = event.token.split(separator: "-")
      let day = Int32((Milliseconds(parts[1]) ?? 0).dayIndex)
      let arms = builder.arms("{\"bait\":\"\(isTreated(parts[0]) ? "bait" : "fair")\"}")
      try builder.add(unit: Int(parts[0].dropFirst()) ?? 0, day: day, arms: arms) { sums in
        sums[event.kind == .click ? .clicks : .impressions] += 1
        if event.kind == .click { sums[.revenue] += 1 }
      }
    }
    return builder.build()
  }
}
