import Events
import Foundation
import Learning
import Monitoring
import Testing

@testable import AdServer

@Suite("Diagnosis of a system")
struct RevenueHistoryTests {
  private static let hour: Milliseconds = 3_600_000
  private static let now = 20_000 * 24 * hour + 12 * hour

  /// What is other than usual in an hour.
  private struct Fault {
    var asked = 1
    var filled = 1
    var orphans = 0
    var copies = 1
    var model = "m"
  }

  /// A system with traffic in `hours`, counted back from noon, of the days `days` ago.
  private func system(
    days: [Int], hours: ClosedRange<Int>, traffic: Traffic = .live,
    fault: (_ days: Int, _ hour: Int, _ device: String) -> Fault? = { _, _, _ in nil }
  ) throws -> TestSystem {
    let test = try TestSystem()
    var number: UInt64 = 0
    for day in days {
      for hour in hours {
        let time = Self.now - Milliseconds(day) * 24 * Self.hour - Milliseconds(hour) * Self.hour
        for device in ["mobile", "desktop"] {
          let fault = fault(day, hour, device)
          let (asked, filled) = (2_000 / (fault?.asked ?? 1), 2_000 / (fault?.filled ?? 1))
          let context = ["device": device, "hour": "\(12 - hour)"]
          let model = fault?.model ?? "m"
          let place = TrafficReport.Place(context: context, model: model)
          var events = try (0..<60).map { minute in
            let part = { (count: Int) in count / 60 + (minute < count % 60 ? 1 : 0) }
            let report = TrafficReport(
              since: time, cells: [.init(place: place, slots: .init(asked: [part(asked)], filled: [part(filled)]))])
            return Event(
              kind: .traffic, time: time + Milliseconds(minute) * 60_000, received: time,
              payload: Array(try JSONEncoder().encode(report)))
          }
          for index in 0..<filled / 5 {
            number += 1
            let served = ServedAd(
              decision: DecisionID(time: time, random: UInt128(number)), slot: 1, time: time, user: "u",
              context: context, ad: "a", attributes: [:], model: model, ctr: 0.1, bid: 1, price: 1, traffic: traffic)
            let click = Event(kind: .click, served: served, time: time + 1, received: time + 1)
            let isOrphan = index < fault?.orphans ?? 0
            let impression = Event(kind: .impression, served: served, time: time, received: time)
            if !isOrphan { events += Array(repeating: impression, count: fault?.copies ?? 1) }
            if isOrphan || index % 4 == 0 { events.append(click) }
          }
          try test.system.log.append(events)
        }
      }
    }
    try test.system.joiner.catchUp()
    return test
  }

  private func diagnosis(_ test: TestSystem, lastHours: Int) throws -> DiagnosisReport {
    try RevenueHistory(test.system).diagnosis(
      #require(DiagnosisWindow(last: Milliseconds(lastHours) * Self.hour, now: Self.now)))
  }

  @Test(
    "a drop of requests and a drop of fill in one device are told apart, with the device",
    arguments: [RevenueFactor.requests, .fill])
  func tellsFactors(factor: RevenueFactor) throws {
    let test = try system(days: [21, 14, 7, 0], hours: 1...6) { days, hour, device in
      guard days == 0, hour <= 3, device == "mobile" else { return nil }
      return Fault(asked: factor == .requests ? 2 : 1, filled: 2)
    }
    let report = try diagnosis(test, lastHours: 3)
    #expect(report.anomaly, "\(report.story)")
    #expect(report.causes.first?.factor == factor, "\(report.story)")
    #expect(report.causes.first?.place == ["device": ["mobile"]], "\(report.story)")
    #expect(report.circumstances?.changes.isEmpty == true)
    #expect(report.story.contains("Nothing was changed between"))
    #expect(report.circumstances?.checks.allSatisfy(\.isGood) == true, "\(report.story)")
  }

  @Test("what was imported is diagnosed as live traffic is, where there is none")
  func imported() throws {
    let test = try system(days: [21, 14, 7, 0], hours: 1...6, traffic: .history) { days, hour, device in
      days == 0 && hour <= 3 && device == "mobile" ? Fault(filled: 2) : nil
    }
    let report = try diagnosis(test, lastHours: 3)
    #expect(report.causes.first?.place == ["device": ["mobile"]], "\(report.story)")
  }

  @Test("what was changed when the drop began is told, and nothing that was changed long before")
  func tellsChanges() throws {
    let test = try system(days: [14, 7, 0], hours: 1...6) { days, hour, device in
      days == 0 && hour <= 2 && device == "mobile" ? Fault(filled: 3) : nil
    }
    for (hours, model) in [(5, "old"), (2, "new")] {
      let time = Self.now - Milliseconds(hours) * Self.hour + 60_000
      let payload = #"{"model":"\#(model)","action":"promoted","reason":"better","who":"ann"}"#
      try test.system.log.append([Event(kind: .promotion, time: time, received: time, payload: Array(payload.utf8))])
    }
    try test.system.joiner.catchUp()
    let report = try diagnosis(test, lastHours: 2)
    #expect(report.circumstances?.changes.map(\.words) == ["model new promoted by ann: better"], "\(report.story)")
    #expect(report.html.contains("model new promoted by ann"))
    #expect(report.plainText.contains("model new promoted by ann"))
  }

  @Test("a drop that began before the last hour is found, with the hour when it began")
  func widens() throws {
    let test = try system(days: [14, 7, 0], hours: 1...9) { days, hour, device in
      days == 0 && hour <= 5 && device == "mobile" ? Fault(filled: 2) : nil
    }
    let report = try diagnosis(test, lastHours: 1)
    #expect(report.anomaly, "\(report.story)")
    #expect(report.causes.first?.since == UTCHour(of: Self.now) + -5, "\(report.story)")
    #expect(report.story.contains("the drop began earlier"))
    let asked = try RevenueHistory(test.system).diagnosis(
      #require(DiagnosisWindow(from: Self.now - Self.hour, to: Self.now)))
    #expect(!asked.anomaly, "\(asked.story)")
  }

  @Test("a quarter of an hour is compared with the same quarter of other days, wherever in the hour it begins")
  func minutes() throws {
    let test = try system(days: [21, 14, 7, 0], hours: 1...7) { days, hour, device in
      days == 0 && hour <= 2 && device == "mobile" ? Fault(filled: 2) : nil
    }
    let minute: Milliseconds = 60_000
    // The impressions of an hour are all at its beginning, so that each window holds one hour's.
    for (start, length) in [(120, 15), (125, 20), (62, 7)] as [(Milliseconds, Milliseconds)] {
      let begin = Self.now - start * minute
      let window = try #require(DiagnosisWindow(from: begin, to: begin + length * minute))
      let report = try RevenueHistory(test.system).diagnosis(window)
      #expect(report.anomaly && report.causes.first?.factor == .fill, "\(window): \(report.story)")
      #expect(report.causes.first?.place == ["device": ["mobile"]], "\(window): \(report.story)")
      #expect(report.story.contains("The window is \(window)"), "\(report.story)")
    }
    let before = Self.now - 200 * minute
    let quiet = try #require(DiagnosisWindow(from: before, to: before + 25 * minute))
    #expect(try !RevenueHistory(test.system).diagnosis(quiet).anomaly)
    #expect(DiagnosisWindow(last: 15 * minute, now: Self.now + 1)?.end == Self.now)
    #expect(DiagnosisWindow(last: 15 * minute + 1, now: Self.now) == nil)
    #expect(DiagnosisWindow(from: Self.now, to: Self.now) == nil)
  }

  @Test(
    "models that changed since the compared days, and the hour of the day, are no drop and hide none",
    arguments: [1, 2])
  func newModels(filled: Int) throws {
    let test = try system(days: [21, 14, 7, 0], hours: 1...6) { days, hour, device in
      let isFaulty = days == 0 && hour == 1 && device == "mobile"
      return Fault(filled: isFaulty ? filled : 1, model: "m\(days) \(hour < 3 || days > 7)")
    }
    let report = try diagnosis(test, lastHours: 1)
    #expect(report.anomaly == (filled > 1), "\(report.story)")
    #expect(report.causes.first?.place == (filled > 1 ? ["device": ["mobile"]] : nil), "\(report.story)")
    #expect(report.repairs.isEmpty, "\(report.story)")
  }

  @Test("events that are reported twice are told, though what counts stays")
  func checksCopies() throws {
    let test = try system(days: [14, 7, 0], hours: 1...4) { days, hour, device in
      days == 0 && hour == 1 && device == "mobile" ? Fault(copies: 2) : nil
    }
    let report = try diagnosis(test, lastHours: 1)
    #expect(report.circumstances?.checks.filter { !$0.isGood }.map(\.name) == ["repeated events"], "\(report.story)")
    #expect(!report.anomaly, "\(report.story)")
  }

  @Test("clicks whose impressions are missing are told before anything is blamed")
  func checksMachinery() throws {
    let test = try system(days: [14, 7, 0], hours: 1...4) { days, hour, _ in
      days == 0 && hour == 1 ? Fault(orphans: 100) : nil
    }
    let report = try diagnosis(test, lastHours: 1)
    let bad = report.circumstances?.checks.filter { !$0.isGood }.map(\.name)
    #expect(bad == ["clicks without impression"], "\(report.story)")
  }

  @Test("a system younger than a week is compared with the days before, and says so")
  func young() throws {
    let test = try system(days: [2, 1, 0], hours: 1...4)
    let report = try diagnosis(test, lastHours: 1)
    #expect(!report.anomaly, "\(report.story)")
    #expect(report.referenceDays.count == 2)
    #expect(report.story.contains("no week before has data"))
  }

  @Test("too little data is said with what there is and what to do")
  func shortage() throws {
    func message(_ test: TestSystem, hours: Int = 1) -> String {
      var text = ""
      #expect(throws: DiagnosisError.self) {
        do { _ = try diagnosis(test, lastHours: hours) } catch {
          text = "\(error)"
          throw error
        }
      }
      return text
    }
    #expect(message(try TestSystem()).contains("no impression yet"))
    let day = try system(days: [0], hours: 1...4)
    #expect(message(day).contains("from 2024-10-04T08 to 2024-10-04T11"), "\(message(day))")
    #expect(message(day).contains("wait for a window that begins at 2024-10-05T09 or later"), "\(message(day))")
    #expect(message(day, hours: 4).contains("the 3 hours before 2024-10-04T08 have fewer than 100"))
  }
}
