import Foundation
import Monitoring
import Statistics
import Testing

@Suite("Alerts")
struct AlertTests {
  private static let stepMinutes = TrafficSeries.stepMinutes
  private static let dayStepCount = 24 * 60 / stepMinutes

  /// Traffic with a daily and a weekly course, growth, restless days, and ads in pairs.
  private struct World {
    var random: SeededGenerator
    var viewsPerStep = 300.0

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func draw(_ mean: Double) -> Double {
      max(0, (mean + mean.squareRoot() * random.nextNormal()).rounded())
    }

    mutating func step(_ step: Int, fault: (inout TrafficMeasures) -> Void = { _ in }) -> TrafficMeasures {
      let day = Double(step) / Double(AlertTests.dayStepCount)
      let course = (1 + 0.6 * sin(2 * .pi * day)) * (1 + 0.2 * sin(2 * .pi * day / 7))
      var measures = TrafficMeasures()
      measures.requests = draw(viewsPerStep * course * (1 + 0.01 * day / 7) * (1 + 0.03 * random.nextNormal()))
      measures.asked = 2 * measures.requests
      measures.filled = measures.asked - draw(0.02 * measures.asked)
      measures.impressions = 2 * draw(0.45 * measures.filled)
      measures.clicks = draw(measures.impressions * 0.1 * (1 + 0.2 * sin(2 * .pi * day + 1)))
      for _ in 0..<Int(measures.clicks) {
        let price = exp(0.5 * random.nextNormal())
        measures.revenue += price
        measures.squaredPrices += price * price
      }
      measures.orphans = draw(0.01 * measures.clicks)
      measures.invalid = draw(0.02 * measures.impressions)
      fault(&measures)
      return measures
    }
  }

  private static func time(_ step: Int) -> Int64 { Int64(step) * Int64(stepMinutes) * 60_000 }

  /// Plays weeks with a fault in the last one, and returns all changes of alerts.
  private func play(
    days: Int, seed: UInt64, faultSteps: Range<Int> = 0..<0, fault: (inout TrafficMeasures) -> Void = { _ in }
  ) -> [Alert] {
    var (world, series, detector) = (World(seed: seed), TrafficSeries(), AnomalyDetector())
    var book = AlertBook(pendingMinutes: 5, resolvingMinutes: 15)
    var changes: [Alert] = []
    for step in 0..<days * Self.dayStepCount {
      series.append(world.step(step) { if faultSteps.contains(step) { fault(&$0) } }, at: step)
      let observations = detector.findings(series, at: step).map {
        AlertBook.Observation(name: $0.signal.rawValue, isOff: $0.isOff, words: $0.words)
      }
      changes += book.step(observations, at: Self.time(step))
    }
    return changes
  }

  @Test("four quiet weeks raise no alert, from the first day on", arguments: [1, 2] as [UInt64])
  func quiet(seed: UInt64) {
    let fired = play(days: 28, seed: seed).filter { $0.state == .firing }
    #expect(fired.count <= 1, "seed \(seed): \(fired)")
  }

  @Test("a drop is pending at once, fires when it lasts, and resolves when it is over; others stay quiet")
  func drop() throws {
    let start = 23 * Self.dayStepCount + 100
    let changes = play(days: 24, seed: 3, faultSteps: start..<start + 24) {
      $0.clicks *= 0.2
      $0.revenue *= 0.2
      $0.squaredPrices *= 0.2
      $0.orphans *= 0.2
    }.filter { $0.since >= Self.time(start) }
    let ctr = changes.filter { $0.name == "ctr" }
    #expect(ctr.map(\.state) == [.pending, .firing, .resolved], "\(changes)")
    #expect(try #require(ctr.dropFirst().first).time <= Self.time(start + 1), "\(changes)")
    #expect(try #require(ctr.first).reason.contains("below the same time in 3 past weeks"))
    #expect(Set(changes.filter { $0.state == .firing }.map(\.name)) == ["ctr", "revenue"], "\(changes)")
  }

  @Test("what is off for one step only is cleared without firing; nothing seen changes nothing")
  func states() {
    var book = AlertBook(pendingMinutes: 5, resolvingMinutes: 10)
    func off(_ isOff: Bool) -> [AlertBook.Observation] { [.init(name: "a", isOff: isOff, words: "w")] }
    let minute: Int64 = 60_000
    #expect(book.step(off(true), at: 0).map(\.state) == [.pending])
    #expect(book.step(off(false), at: 4 * minute).map(\.state) == [.cleared])
    #expect(book.step(off(true), at: 5 * minute).map(\.state) == [.pending])
    #expect(book.step(off(true), at: 9 * minute).isEmpty)
    #expect(book.step(off(true), at: 10 * minute).map(\.state) == [.firing])
    var restarted = AlertBook(pendingMinutes: 5, resolvingMinutes: 10, active: book.active)
    #expect(restarted.step([], at: 60 * minute).isEmpty)
    #expect(restarted.step(off(true), at: 61 * minute).isEmpty)
    #expect(restarted.step(off(false), at: 70 * minute).isEmpty)
    let resolved = restarted.step(off(false), at: 71 * minute)
    #expect(resolved.map(\.state) == [.resolved])
    #expect(resolved.map(\.since) == [5 * minute])
    #expect(restarted.active.isEmpty)
    let many = (0...AlertBook.activeCountMax).map { AlertBook.Observation(name: "\($0)", isOff: true, words: "") }
    #expect(restarted.step(many, at: 0).count == AlertBook.activeCountMax && restarted.turnedAwayCount == 1)
  }
}
