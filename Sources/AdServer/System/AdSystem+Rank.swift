import Events
import Learning

extension AdSystem {
  /// The decision that /rank would give now, without a server. Loads catalog and model: seconds for a million ads.
  public func rank(_ query: RankQuery) throws -> Decision {
    try rankService().decide(query, traffic: query.isDryRun ? .dryRun : .live)
  }

  /// Why the ad called `ad` is served for a query, or why not, with what its campaign has spent. Loads what
  /// ``rank(_:)`` loads.
  public func explain(_ ad: String, query: RankQuery) throws -> AdReport {
    try rankService().explain(ad, query)
  }

  private func rankService() throws -> RankService {
    let deployer = try Deployer(self, logger: logger)
    return RankService(
      state: deployer.state, ledger: deployer.ledger, sealer: sealer, log: log, settings: settings.ranking,
      tally: TrafficTally(schema: schema, log: log, now: WallClock.now()), clock: WallClock.now)
  }
}
