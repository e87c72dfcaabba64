import Events
import Foundation
import Statistics
import Testing

@testable import Simulation

/// Each fault is played beside a run without it. As every draw belongs to its page view, whatever it doesn't touch must come
/// out the same to the last event.
@Suite("Faults change what their key says, and only that")
struct FaultTests {
  private static let window = 2..<6
  private static let hours = 6

  private struct Pair {
    let plain: SimulationReport
    let faulty: SimulationReport
    let views: [PageView]
    let events: [EventMessage]
    let plainEvents: [EventMessage]

    /// A sum over the hours within or outside the window.
    func ratio(_ measure: (TrafficCounts) -> Double) -> Double {
      func sum(_ report: SimulationReport) -> Double {
        FaultTests.window.reduce(0) { $0 + measure(report.hours[$1]) }
      }
      return sum(faulty) / sum(plain)
    }
  }

  private func play(_ entry: String) throws -> Pair {
    let catalog = try SmallWorld.catalog()
    var plan = SmallWorld.plan(hours: Self.hours, viewsPerDay: 20_000)
    let plain = try SmallWorld.play(plan, catalog: catalog)
    plan.faults = try FaultSchedule(
      yaml: "faults: [{from: \(Self.window.lowerBound)h, to: \(Self.window.upperBound)h, \(entry)}]", start: plan.start,
      end: plan.end)
    let faulty = try SmallWorld.play(plan, catalog: catalog)
    for hour in 0..<Self.window.lowerBound {
      #expect(plain.report.hours[hour].clicks == faulty.report.hours[hour].clicks, "before the fault, hour \(hour)")
    }
    return Pair(
      plain: plain.report, faulty: faulty.report, views: faulty.memory.views,
      events: faulty.memory.events, plainEvents: plain.memory.events)
  }

  private func isWithin(_ time: Milliseconds) -> Bool {
    Self.window.contains(Int((time - SmallWorld.start) / SmallWorld.hour))
  }

  @Test("clicks_lost: the clicks of one device aren't reported, and still happen")
  func clicksLost() throws {
    let pair = try play("fault: clicks_lost, place: {device: mobile}")
    #expect(pair.faulty.total.clicks == pair.plain.total.clicks)
    #expect(pair.faulty.total.impressions == pair.plain.total.impressions)
    let mobile = Set(
      pair.views.filter { $0.context["device"] == "mobile" && isWithin($0.time ?? 0) }.map { "\($0.user)-\($0.time!)" })
    func clicks(_ events: [EventMessage], _ isTouched: Bool) -> Int {
      events.count { $0.kind == .click && mobile.contains(String($0.token.dropLast(2))) == isTouched }
    }
    #expect(clicks(pair.events, true) == 0 && clicks(pair.plainEvents, true) > 5)
    #expect(clicks(pair.events, false) == clicks(pair.plainEvents, false))
  }

  @Test("double_logging: events come twice, and what counts stays")
  func doubleLogging() throws {
    let pair = try play("fault: double_logging, strength: 0.5")
    #expect(Set(pair.events.map(\.token)) == Set(pair.plainEvents.map(\.token)))
    #expect(pair.events.count == pair.plainEvents.count)
    let events = Double(pair.plainEvents.count { isWithin($0.time ?? 0) })
    let added = Double(pair.faulty.total.duplicateEvents - pair.plain.total.duplicateEvents)
    #expect(abs(added / events - 0.5) < 0.05, "\(added) of \(events)")
  }

  @Test("feature_stuck and feature_missing: one country's pages say it, and nobody else's", arguments: [true, false])
  func features(isStuck: Bool) throws {
    let entry = isStuck ? "feature_stuck, value: games" : "feature_missing"
    let pair = try play("fault: \(entry), field: interest, place: {country: DE}")
    for view in pair.views {
      let isTouched = view.context["country"] == "DE" && isWithin(view.time ?? 0)
      if isTouched { #expect(view.context["interest"] == (isStuck ? "games" : nil)) }
      if !isTouched { #expect(view.context["interest"] != nil) }
    }
    #expect(
      pair.views.count { $0.context["country"] != "DE" && isWithin($0.time ?? 0) && $0.context["interest"] != "games" }
        > 100)
    #expect(abs(pair.ratio { Double($0.requests) } - 1) < 0.01)
  }

  @Test(
    "traffic_drop and seasonal_dip: fewer page views at the same rates", arguments: ["traffic_drop", "seasonal_dip"])
  func trafficDrop(kind: String) throws {
    let pair = try play("fault: \(kind), strength: 0.4")
    #expect(abs(pair.ratio { Double($0.requests) } - 0.6) < 0.04)
    #expect(abs(pair.ratio { $0.trueClicks / Double($0.impressions) } - 1) < 0.05)
    #expect(pair.faulty.key.faults[0].isFault == (kind == "traffic_drop"))
  }

  @Test("slot_swap: the second ad is looked at as the first was")
  func slotSwap() throws {
    let pair = try play("fault: slot_swap")
    func clicks(_ events: [EventMessage], slot: Int) -> Double {
      Double(events.count { $0.kind == .click && isWithin($0.time ?? 0) && $0.token.hasSuffix("-\(slot - 1)") })
    }
    let plain = clicks(pair.plainEvents, slot: 2) / clicks(pair.plainEvents, slot: 1)
    let swapped = clicks(pair.events, slot: 2) / clicks(pair.events, slot: 1)
    #expect(plain < 1 && swapped > 1.2 * plain, "\(plain) \(swapped)")
    #expect(abs(pair.ratio { Double($0.impressions) } - 1) < 0.01)
  }

  @Test("bot_burst: machines add page views and clicks, people's stay")
  func botBurst() throws {
    let pair = try play("fault: bot_burst, strength: 0.5, place: {device: desktop}")
    let people = pair.views.filter { $0.user.hasPrefix("u") }
    let machines = pair.views.filter { $0.user.hasPrefix("m") }
    #expect(Set(machines.compactMap { $0.context["device"] }) == ["desktop"])
    #expect(machines.allSatisfy { isWithin($0.time ?? 0) })
    let desktop = people.count { $0.context["device"] == "desktop" && isWithin($0.time ?? 0) }
    #expect(abs(Double(machines.count) / Double(desktop) - 0.5) < 0.06)
    #expect(people.count == pair.plain.total.requests)
    let honest = pair.events.count { $0.kind == .click && $0.token.hasPrefix("u") }
    #expect(honest == pair.plainEvents.count { $0.kind == .click })
  }

  @Test("what is done at the server is left out without its admin token, and the key says so")
  func leftOut() throws {
    let pair = try play("fault: price_cut, place: {category: finance}, strength: 0.5")
    #expect(pair.faulty.total == pair.plain.total)
    #expect(pair.faulty.key.faults[0].leftOut?.contains("admin token") == true)
  }

  @Test(
    "schedules that can't be meant are refused with the reason",
    arguments: [
      "[]", "faults: {}", "faults: [{fault: nothing}]", "faults: [{fault: clicks_lost, form: 1h}]",
      "faults: [{fault: clicks_lost, from: 2h, to: 1h}]", "faults: [{fault: clicks_lost, strength: 2}]",
      "faults: [{fault: feature_stuck, field: interest}]", "faults: [{fault: price_cut}]",
      "faults: [{fault: clicks_lost, from: yesterday}]",
    ])
  func invalidSchedules(yaml: String) {
    #expect(throws: ClientError.self) { try FaultSchedule(yaml: yaml, start: 0, end: 10 * SmallWorld.hour) }
  }
}
