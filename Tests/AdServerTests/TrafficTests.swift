import Catalog
import Events
import Foundation
import Learning
import Ranking
import Testing

@testable import AdServer

@Suite("Traffic")
struct TrafficTests {
  private func decision(slots: Int, filled: Int) -> Decision {
    let id = DecisionID(time: 1000, random: 1)
    let ranked = RankedAd(row: 0, id: "a", score: 1, ctrAtSlotOne: 0.1, logit: -2, bid: 1)
    let ad = DecidedAd(
      slot: 1, chosen: ChosenAd(ad: ranked, price: 1, propensity: 1), ctr: 0.1, token: "", creative: .init())
    return Decision(
      id: id, model: "m", experiments: [:], scanned: 1, slots: slots, ads: Array(repeating: ad, count: filled))
  }

  @Test("every slot asked for and filled is in the log after a minute, and nothing twice")
  func report() throws {
    let test = try TestSystem()
    let tally = TrafficTally(schema: test.system.schema, log: test.system.log, now: 0)
    tally.count(decision(slots: 2, filled: 2), context: ["device": "mobile", "unknown": "x"])
    tally.count(decision(slots: 3, filled: 1), context: ["device": "mobile"])
    try tally.report(now: 59_999)
    #expect(test.system.log.lastOffset == 0)
    try tally.report(now: 60_000)
    try tally.report(now: 200_000)
    let events = try test.system.log.read(after: 0, limit: 10)
    #expect(events.map(\.event.kind) == [.traffic])
    let report = try JSONDecoder().decode(TrafficReport.self, from: Data(events[0].event.payload))
    let place = TrafficReport.Place(context: ["device": "mobile"], model: "m")
    #expect(report.cells == [.init(place: place, slots: .init(asked: [2, 2, 1], filled: [2, 1]))])
  }

  @Test("more contexts than are counted apart are counted together, and none is lost")
  func bounded() throws {
    let test = try TestSystem()
    let limit = 700
    let tally = TrafficTally(schema: test.system.schema, log: test.system.log, now: 0, cellCountMax: limit)
    let count = limit + 50
    for number in 0..<count { tally.count(decision(slots: 1, filled: 1), context: ["page": "page-\(number)"]) }
    try tally.report(now: 1, isFinal: true)
    let reports = try test.system.log.read(after: 0, limit: 1000).map {
      try JSONDecoder().decode(TrafficReport.self, from: Data($0.event.payload))
    }
    let cells = reports.flatMap(\.cells)
    #expect(cells.reduce(0) { $0 + $1.slots.asked[0] } == count)
    #expect(cells.count == limit + 1)
    #expect(cells.first { $0.place.context.isEmpty }?.slots.asked == [50])
  }
}
