import Catalog
import Events
import Learning
import Testing

@testable import AdServer

@Suite("Replay")
struct ReplayTests {
  /// Half of the decisions explore and swap, so seeds matter.
  private func system() throws -> TestSystem {
    var settings = Settings()
    settings.ranking.explorationShare = 0.5
    settings.ranking.slotSwapShare = 0.5
    let test = try TestSystem(settings)
    try test.system.catchUp()
    return test
  }

  private func install(_ test: TestSystem, bidOf7: Double) throws {
    var builder = CatalogBuilder()
    for number in 0..<40 {
      let bid = number == 7 ? bidOf7 : 1 + Double(number % 5) / 10
      try builder.add(Ad(id: "ad-\(number)", bid: bid, attributes: ["category": "c\(number % 3)"]))
    }
    try test.system.directory.catalog.replace(with: builder.build())
  }

  @Test("makes exploring decisions again, to the last bit")
  func bitEqual() throws {
    let test = try system()
    try install(test, bidOf7: 1)
    for number in 0..<12 {
      var query = RankQuery(user: "u\(number)", context: ["device": "mobile"])
      query.slots = 3
      query.excluded = ["ad-3"]
      for ad in try test.system.rank(query).ads {
        let replay = try test.system.replay(ad.token, slots: 3, excluded: ["ad-3"])
        #expect(replay.isEqual && replay.causes.isEmpty, "\(replay)")
        #expect(replay.values.count == 9)
      }
    }
  }

  @Test("says that the ad's bid has changed, or that it is gone, or that the token is forged")
  func causes() throws {
    let test = try system()
    try install(test, bidOf7: 9)
    var query = RankQuery(user: "u", context: [:])
    query.slots = 10
    let token = try #require(try test.system.rank(query).ads.first { $0.id == "ad-7" }?.token)
    #expect(try test.system.replay(token, slots: 10).isEqual)
    try install(test, bidOf7: 8)
    let dearer = try test.system.replay(token, slots: 10)
    #expect(!dearer.isEqual && dearer.causes.first == "the ad's bid was 9.0 and is 8.0", "\(dearer)")
    var builder = CatalogBuilder()
    try builder.add(Ad(id: "other", bid: 1))
    try test.system.directory.catalog.replace(with: builder.build())
    #expect(try test.system.replay(token).causes.contains { $0.contains("no longer in the catalog") })
    #expect(throws: TokenError.self) { try test.system.replay(token + "A") }
  }
}
