import Events
import Foundation
import Learning
import Monitoring
import Testing

@testable import AdServer

@Suite("Drift of a system")
struct DriftHistoryTests {
  private static let hour: Milliseconds = 3_600_000
  private static let now = 20_000 * 24 * hour + 12 * hour

  /// A system with an hour of traffic so many hours ago; devices, categories and predictions as `mobileShare` says.
  private func system(hoursBack: [Int], mobileShare: (_ hoursBack: Int) -> Int = { _ in 5 }) throws -> TestSystem {
    let test = try TestSystem()
    var number: UInt64 = 0
    for back in hoursBack {
      let time = Self.now - Milliseconds(back) * Self.hour
      let mobile = mobileShare(back)
      var events: [Event] = []
      for index in 0..<300 {
        number += 1
        let device = index % 10 < mobile ? "mobile" : "desktop"
        let served = ServedAd(
          decision: DecisionID(time: time, random: UInt128(number)), slot: 1 + index % 2, time: time, user: "u",
          context: ["device": device, "hour": "13", "unknown": "x"], ad: "a",
          attributes: index % 3 == 0 ? [:] : ["category": "shoes"], model: "m", experiments: ["e": "treatment"],
          ctr: 0.01 * Double(1 + index % 5), bid: 1, price: 1)
        events.append(Event(kind: .impression, served: served, time: time, received: time))
        if index % 10 == 0 { events.append(Event(kind: .click, served: served, time: time + 1, received: time + 1)) }
      }
      let cells = [("mobile", mobile), ("desktop", 10 - mobile)].map { device, share in
        TrafficReport.Cell(
          place: .init(context: ["device": device], model: "m"), slots: .init(asked: [30 * share, 15 * share]))
      }
      let payload = Array(try JSONEncoder().encode(TrafficReport(since: time, cells: cells)))
      events.append(Event(kind: .traffic, time: time, received: time, payload: payload))
      try test.system.log.append(events)
    }
    try test.system.joiner.catchUp()
    return test
  }

  private func report(_ test: TestSystem) throws -> DriftReport {
    try DriftHistory(test.system).report(#require(DiagnosisWindow(last: Self.hour, now: Self.now)))
  }

  @Test("a shift of a context field is found where requests and impressions have it, against the same hour last week")
  func finds() throws {
    let days = (0...4).flatMap { [24 * $0 + 1, 24 * $0 + 169] }
    let test = try system(hoursBack: days) { $0 == 1 ? 1 : 5 }
    let report = try report(test)
    #expect(report.reference == .lastWeek)
    #expect(report.referenceStart == report.windowStart + -168)
    #expect(
      Set(report.drifted.map(\.subject)) == [.init(.requested, .context, "device"), .init(.shown, .context, "device")],
      "\(report.story)")
    #expect(report.drifted.allSatisfy { $0.pairCount == 4 })
    let words = try #require(report.rows.first { $0.subject == .init(.shown, .context, "device") }).words
    #expect(words.contains("mobile from 50.0 % to 10.0 %") || words.contains("desktop from 50.0 % to 90.0 %"))
    let clicked = try #require(report.rows.first { $0.subject == .init(.clicked, .context, "device") })
    #expect(clicked.verdict == .tooFew && clicked.currentCount == 30)
    for slice in [
      DriftSubject(.shown, .prediction, "ctr", model: "m"), .init(.shown, .prediction, "ctr", arm: "e/treatment"),
    ] {
      #expect(report.rows.first { $0.subject == slice }?.verdict == .steady)
    }
  }

  @Test("values are counted as features see them: missing ones and buckets have their place, unknown fields none")
  func counts() throws {
    let test = try system(hoursBack: [1])
    let read = try WindowDistributions.read(
      test.system.store, test.system.schema, (Self.now - Self.hour)..<Self.now)
    func values(_ stage: DriftSubject.Stage, _ source: DriftSubject.Source, _ name: String) -> ObservedDistribution? {
      read[DriftSubject(stage, source, name)]
    }
    #expect(values(.shown, .context, "hour") == .values(.init(counts: ["afternoon": 300, "(none)": 0])))
    #expect(values(.shown, .context, "page") == .values(.init(counts: ["(none)": 300])))
    #expect(values(.shown, .ad, "category") == .values(.init(counts: ["shoes": 200, "(none)": 100])))
    #expect(
      values(.requested, .context, "device") == .values(.init(counts: ["mobile": 150, "desktop": 150, "(none)": 0])))
    #expect(values(.shown, .slot, "slot") == .values(.init(counts: ["1": 150, "2": 150, "(none)": 0])))
    #expect(values(.shown, .context, "unknown") == nil)
    #expect(values(.shown, .prediction, "ctr")?.total == 300)
    #expect(values(.clicked, .prediction, "ctr")?.total == 30)
  }

  @Test("a young system is compared with the time before, by limits from earlier hours, and one without data says so")
  func young() throws {
    let steady = try report(system(hoursBack: Array(1...9)))
    #expect(steady.reference == .timeBefore && steady.drifted.isEmpty, "\(steady.story)")
    #expect(steady.story.contains("last week has too little data"))
    #expect(steady.rows.contains { $0.pairCount == 6 })
    let empty = try report(TestSystem())
    #expect(empty.rows.isEmpty && empty.story.contains("nothing can be compared"))
  }
}
