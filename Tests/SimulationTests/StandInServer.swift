import Catalog
import Events
import Foundation
import Locking
import Simulation
import Statistics

/// A server within the test: ranks by a fixed rule, and keeps what it is told.
final class StandInServer: AdServing {
  /// What all connections to one server share.
  final class Memory: Sendable {
    struct Contents {
      var views: [PageView] = []
      var events: [EventMessage] = []
      var keys: Set<String> = []
      var duplicateCount = 0
    }
    let contents = Locked(Contents())
    var views: [PageView] { contents.withLock { $0.views } }
    var events: [EventMessage] { contents.withLock { $0.events } }
  }

  /// The two ads for a page view, best first, by row.
  typealias Rule = (PageView, CatalogSnapshot) -> [Int]

  let memory: Memory
  private let catalog: CatalogSnapshot
  private let rule: Rule

  init(_ catalog: CatalogSnapshot, memory: Memory = Memory(), rule: @escaping Rule = StandInServer.anyTwo) {
    self.catalog = catalog
    self.memory = memory
    self.rule = rule
  }

  /// Two rows that depend on what the page says alone.
  static func anyTwo(_ view: PageView, _ catalog: CatalogSnapshot) -> [Int] {
    var hash: UInt64 = 1
    for key in view.context.keys.sorted() {
      for byte in (key + view.context[key, default: ""]).utf8 { hash = hash &* 31 &+ UInt64(byte) }
    }
    var generator = SeededGenerator(seed: hash)
    return (0..<2).map { _ in Int(generator.nextUniform() * Double(catalog.count)) }
  }

  func rank(_ views: [PageView]) -> [RankAnswer?] {
    memory.contents.withLock { $0.views += views }
    return views.map { view in
      let id = "\(view.user)-\(view.time ?? 0)"
      let ads = rule(view, catalog).enumerated().map { index, row in
        RankAnswer.Ad(
          slot: index + 1, ad: catalog.id(row), ctr: 0.05, bid: catalog.bids[row], price: catalog.bids[row],
          token: "\(id)-\(index)")
      }
      return RankAnswer(decision: id, model: "stand-in", experiments: [:], ads: ads)
    }
  }

  func log(_ events: [EventMessage], time: Milliseconds?) -> LogAnswer {
    memory.contents.withLock { contents in
      var answer = LogAnswer()
      for event in events {
        if contents.keys.insert("\(event.kind) \(event.token) \(event.id ?? "")").inserted {
          answer.accepted += 1
          contents.events.append(event)
        } else {
          answer.duplicates += 1
          contents.duplicateCount += 1
        }
      }
      return answer
    }
  }
}

/// A small world, and runs in it.
enum SmallWorld {
  /// 2026-01-05 00:00 UTC, a Monday.
  static let start: Milliseconds = 1_767_571_200_000
  static let hour: Milliseconds = 3_600_000
  static let day = 24 * hour

  static func catalog(adCount: Int = 300) throws -> CatalogSnapshot {
    try CatalogGenerator.snapshot(adCount: adCount, seed: 7)
  }

  static func plan(hours: Int, viewsPerDay: Double = 12_000) -> TrafficPlan {
    TrafficPlan(
      start: start, end: start + Milliseconds(hours) * hour, viewsPerDay: viewsPerDay, userCount: 1500, oracleShare: 0)
  }

  /// Plays a run in `partCount` parts against one stand-in server.
  static func play(
    _ plan: TrafficPlan, catalog: CatalogSnapshot, seed: UInt64 = 3, partCount: Int = 2,
    rule: @escaping StandInServer.Rule = StandInServer.anyTwo
  ) throws -> (report: SimulationReport, memory: StandInServer.Memory) {
    let memory = StandInServer.Memory()
    let world = World(seed: seed, catalog: catalog, start: plan.start)
    let servers = (0..<partCount).map { _ in StandInServer(catalog, memory: memory, rule: rule) }
    let run = SimulationRun(world: world, plan: plan, seed: seed, servers: servers)
    return (try run.play { _ in }, memory)
  }
}
