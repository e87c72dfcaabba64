import Catalog
import Foundation
import Statistics

/// Drives a running server with a world's visitors: page views, impressions and clicks through the public contract.
public struct TrafficRun: Sendable {
  private let world: World
  private let client: AdLoopClient
  private let catalog: CatalogSnapshot
  private let configuration: Configuration

  /// How much traffic, and of whom.
  public struct Configuration: Sendable {
    public var requestCount: Int
    public var userCount: Int
    public var connectionCount: Int
    public var seed: UInt64

    public init(requestCount: Int, userCount: Int, connectionCount: Int, seed: UInt64) {
      self.requestCount = requestCount
      self.userCount = userCount
      self.connectionCount = connectionCount
      self.seed = seed
    }
  }

  public init(world: World, client: AdLoopClient, catalog: CatalogSnapshot, configuration: Configuration) {
    self.world = world
    self.client = client
    self.catalog = catalog
    self.configuration = configuration
  }

  /// Plays all page views and returns what happened.
  ///
  /// - parameter progress: called with the page views done and the report so far.
  /// - throws: `ClientError` when the server fails a call; nothing is retried.
  public func play(progress: (Int, TrafficReport) -> Void) async throws -> TrafficReport {
    var total = TrafficReport()
    let chunkCount = max(1, configuration.connectionCount)
    var generator = SeededGenerator(seed: configuration.seed)
    var done = 0
    while done < configuration.requestCount {
      let views = (0..<min(chunkCount, configuration.requestCount - done)).map { _ in
        (world.visitor(userCount: configuration.userCount, using: &generator), SeededGenerator(seed: generator.next()))
      }
      let reports = try await withThrowingTaskGroup(of: TrafficReport.self) { group in
        for (visitor, chance) in views { group.addTask { try await view(visitor, chance) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      for report in reports { total.add(report) }
      done += views.count
      progress(done, total)
    }
    return total
  }

  private func view(_ visitor: World.Visitor, _ chance: SeededGenerator) async throws -> TrafficReport {
    var chance = chance
    var report = TrafficReport(requests: 1)
    let decision = try await client.rank(user: visitor.user, context: visitor.context)
    var events: [AdLoopClient.Report] = []
    for ad in decision.ads {
      guard let row = catalog.row(id: ad.ad) else { continue }
      let truth = world.clickProbability(
        context: visitor.context, attributes: catalog.attributes(row), slot: ad.slot)
      let isClicked = chance.nextUniform() < truth
      report.add(predicted: ad.ctr, truth: truth, price: ad.price, isClicked: isClicked)
      events.append(AdLoopClient.Report("impression", token: ad.token))
      if isClicked { events.append(AdLoopClient.Report("click", token: ad.token)) }
    }
    if !events.isEmpty { _ = try await client.log(events) }
    return report
  }
}
