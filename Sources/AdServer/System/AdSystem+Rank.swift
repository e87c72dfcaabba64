import Events
import Learning

extension AdSystem {
  /// The decision that /rank would give now, without a server. Loads catalog and model: seconds for a million ads.
  public func rank(_ query: RankQuery) throws -> Decision {
    let deployer = try Deployer(self, logger: logger)
    let service = RankService(
      state: deployer.state, sealer: sealer, log: log, settings: settings.ranking,
      tally: TrafficTally(schema: schema, log: log, now: WallClock.now()), clock: WallClock.now)
    return try service.decide(query, traffic: query.isDryRun ? .dryRun : .live)
  }
}
