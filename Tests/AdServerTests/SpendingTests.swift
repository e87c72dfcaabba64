import Catalog
import Events
import Features
import Foundation
import Learning
import Locking
import Logging
import Ranking
import Testing

@testable import AdServer

@Suite("Spending")
struct SpendingTests {
  @Test("stops an ad at once, and a process that was killed knows it again from the log")
  func survivesKill() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "adloop-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    var builder = CatalogBuilder()
    let cap = Budget.FrequencyCap(impressions: 2, seconds: 3600)
    try builder.add(Ad(id: "clicks", bid: 4, budget: Budget(daily: 3, campaign: "c")))
    try builder.add(Ad(id: "mate", bid: 3, budget: Budget(campaign: "c")))
    try builder.add(Ad(id: "views", bid: 2, budget: Budget(total: 0.003, billing: .cpm)))
    try builder.add(Ad(id: "seldom", bid: 1, budget: Budget(frequencyCap: cap)))
    try DataDirectory(path: folder.path).catalog.replace(with: builder.build())
    let first = try Loop(folder)
    #expect(try first.shown() == ["clicks", "mate", "views", "seldom"])
    // Probes and copies count for nothing.
    try first.report(.click, of: "clicks", traffic: .probe)
    let token = try first.report(.click, of: "clicks")
    try first.intake.waiting(.click, of: token)
    while try first.shown().contains("clicks") { try first.report(.click, of: "clicks") }
    #expect(try first.shown() == ["views", "seldom"])
    while try first.shown().contains("views") { try first.report(.impression, of: "views") }
    for _ in 0..<2 { try first.report(.impression, of: "seldom") }
    #expect(try first.shown() == [])
    #expect(try first.shown(user: "another") == ["seldom"])
    // No close: the first process is gone as if it were killed.
    let second = try Loop(folder)
    #expect(try second.shown() == [])
    #expect(try second.shown(user: "another") == ["seldom"])
    for loop in [first, second] {
      let summary = loop.deployer.ledger.summary(loop.deployer.state.load().campaigns)
      #expect(abs(summary.spentToday - 3.003) < 1e-9 && summary.exhausted == 2 && summary.overDeliveryRatio == 0)
      let verdicts = try ["clicks", "mate", "views", "seldom", "nobody"].map { ad in
        var query = RankQuery(user: "u")
        query.explainedAds = [ad]
        return try loop.service.decide(query, traffic: .dryRun).explained[0].verdict
      }
      #expect(verdicts == ["budget", "budget", "budget", "cap", "unknown"])
    }
  }

  @Test("of changed ads outlives changes, a merge into a new file, and a restart from the journal")
  func survivesMerge() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "adloop-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    var builder = CatalogBuilder()
    try builder.add(Ad(id: "old", bid: 2, budget: Budget(daily: 4)))
    try DataDirectory(path: folder.path).catalog.replace(with: builder.build())
    let first = try Loop(folder)
    let cap = Budget.FrequencyCap(impressions: 1, seconds: 3600)
    try first.edit([
      .put(Ad(id: "new", bid: 3, budget: Budget(total: 3, campaign: "c"))),
      .put(Ad(id: "seldom", bid: 1, budget: Budget(frequencyCap: cap))),
    ])
    #expect(try first.shown() == ["new", "old", "seldom"])
    for ad in try first.decide().ads {
      for kind in [EventKind.impression, .click] {
        try first.intake.waiting(kind, of: first.system.sealer.open(ad.token))
      }
    }
    // What new campaigns spent before the server looks into the log isn't counted from there again.
    try first.system.catchUp()
    try first.deployer.step()
    #expect(try first.shown() == ["old"])
    // A mate joins the exhausted campaign; its terms change, and the change of terms is changed back.
    try first.edit([.put(Ad(id: "mate", bid: 9, budget: Budget(campaign: "c")))])
    #expect(try first.shown() == ["old"])
    try first.edit([.patch(id: "new", JSONValue(parsing: Array(#"{"budget":{"total":5}}"#.utf8)[...]))])
    #expect(try first.shown() == ["mate", "new", "old"])
    try first.edit([.patch(id: "new", JSONValue(parsing: Array(#"{"budget":{"total":3}}"#.utf8)[...]))])
    // As many changes as make a merge due, and one made while it may be under way.
    let version = first.version
    let count = CatalogWriter.mergeChangeCount(adCount: 0)
    try first.edit((0..<count).map { .put(Ad(id: "old", bid: 2, budget: Budget(daily: $0 % 2 == 0 ? 9 : 4))) })
    try first.deployer.step()
    try first.edit([.put(Ad(id: "late", bid: 1, budget: Budget(daily: 0)))])
    while first.version == version { try first.edit([.put(Ad(id: "old", bid: 2, budget: Budget(daily: 4)))]) }
    #expect(try first.shown() == ["old"])
    try first.report(.click, of: "old")
    #expect(try first.shown() == [])
    // No close, as if it were killed.
    let second = try Loop(folder)
    for loop in [first, second] {
      #expect(try loop.shown() == [])
      #expect(try loop.shown(user: "another") == ["seldom"])
      let verdicts = try ["new", "mate", "old", "seldom", "late"].map { ad in
        var query = RankQuery(user: "u")
        query.explainedAds = [ad]
        return try loop.service.decide(query, traffic: .dryRun).explained[0].verdict
      }
      #expect(verdicts == ["budget", "budget", "budget", "cap", "budget"])
      let summary = loop.deployer.ledger.summary(loop.deployer.state.load().campaigns)
      #expect(abs(summary.spentToday - 8) < 1e-9, "\(summary)")
    }
  }
}

/// The parts of a server between /rank and the ledger.
private struct Loop {
  let system: AdSystem
  let deployer: Deployer
  let service: RankService
  let intake: EventIntake

  init(_ folder: URL) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    var settings = Settings()
    settings.ranking.pricing = .first
    system = try AdSystem(
      directory: DataDirectory(path: folder.path), settings: settings,
      schema: Schema(contentsOf: root.appending(path: "config/features.yaml")),
      experiments: folder.appending(path: "none.yaml"), environment: [:])
    try system.catchUp()
    let deployer = try Deployer(system, logger: Logger(label: "test"))
    self.deployer = deployer
    service = RankService(
      state: deployer.state, ledger: deployer.ledger, sealer: system.sealer, log: system.log,
      settings: settings.ranking,
      tally: TrafficTally(schema: system.schema, log: system.log, now: WallClock.now()), clock: WallClock.now)
    intake = EventIntake(
      log: system.log, sealer: system.sealer, settings: settings.intake,
      rules: InvalidTrafficRules(settings.invalidTraffic), metrics: IntakeMetrics(),
      clock: WallClock.now
    ) { [state = deployer.state, ledger = deployer.ledger] event in
      let snapshot = state.load()
      guard let row = event.served.flatMap({ snapshot.catalog.row(id: $0.ad) }) else { return }
      ledger.record(event, row: row, in: snapshot.campaigns)
    }
  }

  func decide(user: String = "u", traffic: Traffic = .live) throws -> Decision {
    var query = RankQuery(user: user)
    query.slots = 4
    return try service.decide(query, traffic: traffic)
  }

  /// Version of the file under the changes.
  var version: String { deployer.state.load().catalog.base.version }

  func edit(_ edits: [AdEdit]) throws {
    let (failure, done) = (Locked<(any Error)?>(nil), DispatchSemaphore(value: 0))
    deployer.edit(edits) { result in
      do { for outcome in try result.get() { _ = try outcome.get() } } catch { failure.withLock { $0 = error } }
      done.signal()
    }
    done.wait()
    if let error = failure.withLock({ $0 }) { throw error }
  }

  func shown(user: String = "u") throws -> [String] { try decide(user: user).ads.map(\.id) }

  /// Serves and logs; returns what was served.
  @discardableResult
  func report(_ kind: EventKind, of ad: String, traffic: Traffic = .live) throws -> ServedAd {
    let shown = try #require(try decide(traffic: traffic).ads.first { $0.id == ad })
    let served = try system.sealer.open(shown.token)
    try intake.waiting(kind, of: served)
    return served
  }
}

extension EventIntake {
  fileprivate func waiting(_ kind: EventKind, of served: ServedAd) throws {
    let done = DispatchSemaphore(value: 0)
    take(kind, of: served, from: EventSender(userAgent: "Mozilla/5.0")) { _ in done.signal() }
    done.wait()
  }
}
