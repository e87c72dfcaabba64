import Events
import Foundation
import Statistics

/// A folder that is removed when the test ends.
final class TemporaryDirectory: Sendable {
  let url = FileManager.default.temporaryDirectory.appending(
    path: "adloop-events-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }
}

extension ServedAd {
  /// An ad whose every field is drawn, strange texts included.
  static func random(_ generator: inout SeededGenerator) -> ServedAd {
    func text() -> String {
      let pieces = [
        "", "a", "mobile", "ä", "😀", "\"", "\\", "\n", "\u{0}", "日本",
        String(repeating: "x", count: 60),
      ]
      return (0..<Int.random(in: 0...3, using: &generator)).map { _ in
        pieces.randomElement(using: &generator)!
      }.joined()
    }
    func map() -> [String: String] {
      Dictionary((0..<Int.random(in: 0...5, using: &generator)).map { _ in (text(), text()) }) {
        first, _ in first
      }
    }
    let time = Milliseconds.random(in: 0...4_000_000_000_000, using: &generator)
    return ServedAd(
      decision: DecisionID(time: time, using: &generator),
      slot: Int.random(in: 1...255, using: &generator),
      time: time + Milliseconds.random(in: -5...5, using: &generator), user: text(), context: map(),
      ad: text(),
      attributes: map(), model: text(), experiments: map(),
      objective: Objective.allCases.randomElement(using: &generator)!, ctr: generator.nextUniform(),
      bid: generator.nextLogNormal(logMean: 0, logDeviation: 2),
      price: generator.nextUniform() * 1e-9,
      propensity: generator.nextUniform(),
      traffic: Traffic.allCases.randomElement(using: &generator)!)
  }

  static func plain(_ number: Int = 1, slot: Int = 1) -> ServedAd {
    ServedAd(
      decision: DecisionID(time: 1_790_000_000_000 + Milliseconds(number), random: UInt128(number)),
      slot: slot,
      time: 1_790_000_000_000 + Milliseconds(number), user: "u1",
      context: ["device": "mobile", "page": "sports"],
      ad: "ad-\(number)", attributes: ["category": "shoes"], model: "m1",
      experiments: ["price": "control"], ctr: 0.031,
      bid: 1.25, price: 0.75, propensity: 0.5, traffic: .live)
  }
}

extension Event {
  static func of(_ kind: EventKind, _ number: Int = 1, slot: Int = 1) -> Event {
    let served = ServedAd.plain(number, slot: slot)
    return Event(kind: kind, served: served, time: served.time + 1000, received: served.time + 2000)
  }
}
