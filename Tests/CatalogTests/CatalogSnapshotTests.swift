import Catalog
import Testing

@Suite("Snapshot")
struct CatalogSnapshotTests {
  @Test("columns say the same as the ads they were made of", arguments: 0..<20 as Range<UInt64>)
  func columnsMatchAds(seed: UInt64) throws {
    var random = RandomAds(seed: seed)
    let ads = random.ads(1 + random.number(below: 200))
    let snapshot = try catalog(ads)
    let expected = ads.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
    #expect(snapshot.count == ads.count)
    for (row, ad) in expected.enumerated() {
      #expect(snapshot.id(row) == ad.id, "seed \(seed)")
      #expect(snapshot.row(id: ad.id) == row, "seed \(seed)")
      #expect(snapshot.bids[row] == ad.bid)
      #expect(snapshot.isActive(row) == (ad.status == .active))
      #expect(snapshot.attributes(row) == ad.attributes, "seed \(seed)")
      #expect(snapshot.creative(row) == ad.creative)
      #expect(snapshot.budget(row) == ad.budget)
      let rule = snapshot.targetingRules[Int(snapshot.targetingRuleIndices[row])]
      #expect(rule == TargetingRule(ad.targeting))
      #expect(TargetingRule(snapshot.ad(row).targeting) == rule)
    }
    #expect(snapshot.targetedFields == Set(ads.flatMap(\.targeting.fields)))
  }

  @Test(
    "a column's values are distinct, used and sorted, and code 0 is a missing value", arguments: 0..<5 as Range<UInt64>)
  func columnValues(seed: UInt64) throws {
    let snapshot = try randomCatalog(seed: seed, count: 100)
    #expect(
      snapshot.columns.map(\.name) == snapshot.columns.map(\.name).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    )
    for column in snapshot.columns {
      #expect(column.values == Set(column.values).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
      #expect(Set(column.codes).subtracting([0]) == Set((1...column.values.count).map(UInt32.init)))
      #expect((0..<snapshot.count).allSatisfy { (column.codes[$0] == 0) == (column.value($0) == nil) })
      #expect(snapshot.column(column.name)?.values == column.values)
    }
    #expect(snapshot.column("unknown") == nil)
  }

  @Test("the version is a function of the ads, not of their order", arguments: 0..<5 as Range<UInt64>)
  func version(seed: UInt64) throws {
    var random = RandomAds(seed: seed)
    var ads = random.ads(50)
    let version = try catalog(ads).version
    #expect(try catalog(ads.reversed()).version == version)
    ads[7].bid += 0.001
    #expect(try catalog(ads).version != version)
  }

  @Test("an empty catalog has no rows, and one rule that matches everything")
  func empty() {
    #expect(CatalogSnapshot.empty.count == 0)
    #expect(CatalogSnapshot.empty.row(id: "x") == nil)
    #expect(CatalogSnapshot.empty.targetingRules == [TargetingRule()])
    #expect(CatalogSnapshot.empty.columns.isEmpty)
  }

  @Test("updating gives the catalog that the changed ads would give", arguments: 0..<20 as Range<UInt64>)
  func updating(seed: UInt64) throws {
    var random = RandomAds(seed: seed)
    let ads = random.ads(60)
    let removed = Set(ads.prefix(random.number(below: 20)).map(\.id) + ["unknown"])
    let replaced = ads.suffix(random.number(below: 20)).map { random.ad(id: $0.id) }
    let added = (0..<random.number(below: 5)).map { random.ad(id: "new \($0)") }
    let before = try catalog(ads)
    let after = try before.updating(replaced + added, removing: removed)
    let kept = ads.filter { ad in !removed.contains(ad.id) && !replaced.contains { $0.id == ad.id } }
    #expect(after.version == (try catalog(kept + replaced + added)).version, "seed \(seed)")
    #expect(before.version == (try catalog(ads)).version)
  }

  @Test("an ad that is both removed and put in is put in")
  func putWins() throws {
    let ad = Ad(id: "a", bid: 1)
    #expect(try catalog([ad]).updating([ad], removing: ["a"]).count == 1)
  }

  @Test("a second ad with an id is refused and the first one stays")
  func duplicate() throws {
    var builder = CatalogBuilder()
    try builder.add(Ad(id: "a", bid: 1))
    let error = #expect(throws: CatalogError.self) { try builder.add(Ad(id: "a", bid: 2)) }
    #expect(error?.code == .duplicateID)
    #expect(builder.count == 1)
    let snapshot = builder.build()
    #expect(snapshot.ad(0).bid == 1)
  }

  @Test("the attribute limit turns the ad away that passes it, and no other")
  func attributeLimit() throws {
    var builder = CatalogBuilder()
    for index in 0..<CatalogBuilder.Limits.attributeCountMax {
      try builder.add(Ad(id: "\(index)", bid: 1, attributes: ["a\(index)": "x"]))
    }
    let error = #expect(throws: CatalogError.self) { try builder.add(Ad(id: "b", bid: 1, attributes: ["b": "x"])) }
    #expect(error?.code == .limitReached)
    try builder.add(Ad(id: "c", bid: 1, attributes: ["a0": "y", "b": ""]))
    #expect(builder.build().columns.count == CatalogBuilder.Limits.attributeCountMax)
  }

  @Test("a rule asks for every field it names, and a missing value is in no set")
  func rules() {
    let rule = TargetingRule(["country": ["DE", "AT", "DE"], "device": ["mobile"]])
    #expect(rule.conditions.map(\.values) == [["AT", "DE"], ["mobile"]])
    let contexts: [([String: String], Bool)] = [
      (["country": "DE", "device": "mobile"], true), (["country": "AT", "device": "mobile", "page": "x"], true),
      (["country": "DE"], false), (["country": "FR", "device": "mobile"], false), ([:], false),
      (["country": "", "device": "mobile"], false),
    ]
    for (context, isMatch) in contexts { #expect(rule.matches(at: 0) { context[$0] } == isMatch) }
    #expect(TargetingRule().matches(at: 0) { _ in nil })
    #expect(rule.text == "country in AT|DE, device in mobile")
  }
}
