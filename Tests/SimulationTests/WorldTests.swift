import Catalog
import Foundation
import Statistics
import Testing

@testable import Simulation

@Suite("World")
struct WorldTests {
  @Test("a run depends on the seed alone, not on how many connections it is divided among")
  func determinism() throws {
    let catalog = try SmallWorld.catalog()
    let plan = SmallWorld.plan(hours: 6)
    let runs = try [1, 3].map { try SmallWorld.play(plan, catalog: catalog, partCount: $0).report.total }
    var (first, second) = (runs[0], runs[1])
    // Sums of floating-point numbers depend on their order.
    for path in [\TrafficCounts.revenue, \.trueClicks, \.predictedClicks, \.conversionValue] {
      #expect(abs(first[keyPath: path] - second[keyPath: path]) < 1e-6 * first[keyPath: path])
      first[keyPath: path] = 0
      second[keyPath: path] = 0
    }
    #expect(first == second)
    let other = try SmallWorld.play(plan, catalog: catalog, seed: 4).report.total
    #expect(other.clicks != first.clicks)
  }

  @Test("clicks happen as often as the truth says")
  func clicksFollowTruth() throws {
    let total = try SmallWorld.play(SmallWorld.plan(hours: 24), catalog: SmallWorld.catalog()).report.total
    let deviation = total.trueClicks.squareRoot()
    #expect(abs(Double(total.clicks) - total.trueClicks) < 4 * deviation, "\(total.clicks) of \(total.trueClicks)")
  }

  @Test("the night is quieter than the evening, and a mean day has as many page views as planned")
  func rhythm() throws {
    let catalog = try SmallWorld.catalog()
    let hours = try SmallWorld.play(SmallWorld.plan(hours: 7 * 24, viewsPerDay: 1000), catalog: catalog).report.hours
    let byHour = (0..<24).map { hour in stride(from: hour, to: 168, by: 24).reduce(0) { $0 + hours[$1].requests } }
    #expect(Double(byHour.max() ?? 0) > 2 * Double(byHour.min() ?? 0), "\(byHour)")
    let sum = hours.reduce(0) { $0 + $1.requests }
    #expect((5_600...8_000).contains(sum), "\(sum)")
  }

  @Test("the oracle's choice is worth at least any other, and knowing less is worth less")
  func oracle() throws {
    let catalog = try SmallWorld.catalog()
    let world = World(seed: 5, catalog: catalog, start: SmallWorld.start)
    let oracle = Oracle(world: world, slotCount: 2)
    var chance = SeededGenerator(seed: 9)
    var sums = (best: 0.0, reachable: 0.0, random: 0.0)
    for number in 0..<60 {
      let person = world.population.person(number)
      let viewpoint = world.viewpoint(person, page: number % 5, time: SmallWorld.start)
      let context = world.context(person, page: number % 5, time: SmallWorld.start)
      var shadows = Oracle.Shadows()
      let choices = oracle.choices(viewpoint, context: context, shadows: &shadows, chance: &chance)
      let brute = bruteForce(world, viewpoint, context)
      #expect(abs(choices.best.value - brute) < 1e-9 * brute, "person \(number)")
      #expect(choices.reachable.value <= choices.best.value)
      sums.best += choices.best.value
      sums.reachable += choices.reachable.value
      sums.random += choices.random.value
    }
    #expect(sums.reachable > 0.7 * sums.best && sums.random < 0.5 * sums.reachable, "\(sums)")
  }

  /// The value of the two eligible ads of highest bid × probability, looked at one by one.
  private func bruteForce(_ world: World, _ viewpoint: Viewpoint, _ context: [String: String]) -> Double {
    let catalog = world.catalog
    var scores: [Double] = []
    for row in 0..<catalog.count where catalog.isActive(row) {
      let rule = catalog.targetingRules[Int(catalog.targetingRuleIndices[row])]
      guard rule.matches(at: viewpoint.time, { context[$0] }) else { continue }
      let probability = viewpoint.clickProbability(world.truth.kind(row: row), slot: 1, state: UserState())
      scores.append(catalog.bids[row] * probability)
    }
    let best = scores.sorted(by: >)
    return best[0] * World.examination(slot: 1) + best[1] * World.examination(slot: 2)
  }

  @Test("bad ads make users blind and rare, good ones heal them")
  func blindness() {
    var state = UserState()
    for number in 0..<200 {
      state.look(at: 1, satisfaction: 0, isClicked: number % 10 == 0, time: SmallWorld.start)
    }
    let (blind, rare) = (state.willingness, state.returnShare)
    #expect(blind < 0.5 && rare < 0.75)
    for _ in 0..<200 { state.look(at: 2, satisfaction: 1, isClicked: false, time: SmallWorld.start) }
    #expect(state.willingness > 0.9 && state.returnShare > rare)
  }

  @Test("a campaign seen often tires, and is fresh again after days")
  func fatigue() {
    var state = UserState()
    for _ in 0..<3 { state.look(at: 7, satisfaction: 1, isClicked: false, time: SmallWorld.start) }
    #expect(abs(state.exposure(7, time: SmallWorld.start) - 3) < 1e-5)
    #expect(state.exposure(7, time: SmallWorld.start + 5 * SmallWorld.day) < 0.05)
    #expect(state.exposure(8, time: SmallWorld.start) == 0)
  }

  @Test("ads that promise more than they keep win clicks today and lose visits later")
  func longTerm() throws {
    let catalog = try SmallWorld.catalog()
    let world = World(seed: 3, catalog: catalog, start: SmallWorld.start)
    let rows = (0..<catalog.count).filter { catalog.isActive($0) }
    func pair(isBait: Bool) throws -> [Int] {
      let kind = { world.truth.campaigns[world.truth.kind(row: $0).campaign] }
      return Array(
        rows.filter { kind($0).isBait == isBait }.sorted {
          world.truth.kind(row: $0).appeal > world.truth.kind(row: $1).appeal
        }
        .prefix(2))
    }
    let (bait, fair) = (try pair(isBait: true), try pair(isBait: false))
    try #require(bait.count == 2)
    let plan = SmallWorld.plan(hours: 14 * 24, viewsPerDay: 1500)
    let baited = try SmallWorld.play(plan, catalog: catalog, rule: { _, _ in bait }).report.hours
    let served = try SmallWorld.play(plan, catalog: catalog, rule: { _, _ in fair }).report.hours
    func requests(_ hours: some Sequence<TrafficCounts>) -> Int { hours.reduce(0) { $0 + $1.requests } }
    let early = Double(requests(baited.prefix(24))) / Double(requests(served.prefix(24)))
    let late = Double(requests(baited.suffix(72))) / Double(requests(served.suffix(72)))
    #expect(early > 0.9 && late < 0.92, "\(early) \(late)")
  }
}
