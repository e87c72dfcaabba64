import Foundation
import Testing

@testable import Catalog

@Suite("Live catalog")
struct LiveCatalogTests {
  @Test("equals the catalog of the changed ads after any puts and deletes", arguments: 0..<60 as Range<UInt64>)
  func model(seed: UInt64) throws {
    var random = RandomAds(seed: seed)
    let ads = random.ads(random.number(below: 80))
    var expected = Dictionary(uniqueKeysWithValues: ads.map { ($0.id, $0) })
    var live = LiveCatalog(try catalog(ads))
    for _ in 0..<random.number(below: 100) {
      let change = Self.change(&random, ids: Array(expected.keys))
      if case .delete(let id) = change {
        #expect(live.delete(id: id) == (expected[id] != nil))
      } else {
        try live.apply(change)
      }
      if case .put(let ad) = change { expected[ad.id] = ad } else { expected[change.id] = nil }
      #expect(live.count == expected.count, "seed \(seed)")
    }
    try check(live, Array(expected.values), "seed \(seed)")
    #expect(live.activeCount == expected.values.count { $0.status == .active }, "seed \(seed)")
    #expect(live.bidMax >= expected.values.map(\.bid).max() ?? 0)
  }

  @Test("a copy keeps its moment")
  func value() throws {
    var live = LiveCatalog(try catalog([Ad(id: "a", bid: 1)]))
    let before = live
    try live.put(Ad(id: "a", bid: 2))
    live.delete(id: "a")
    #expect(before.ad(id: "a")?.bid == 1)
    #expect(live.ad(id: "a") == nil)
    #expect(live.count == 0)
  }

  @Test("refuses what a catalog of all ads would refuse, and stays as it was")
  func limits() throws {
    var live = LiveCatalog(.empty)
    for index in 0..<CatalogBuilder.Limits.attributeCountMax {
      try live.put(Ad(id: "\(index)", bid: 1, attributes: ["a\(index)": "x"]))
    }
    let error = #expect(throws: CatalogError.self) { try live.put(Ad(id: "b", bid: 1, attributes: ["b": "x"])) }
    #expect(error?.code == .limitReached)
    #expect(#expect(throws: CatalogError.self) { try live.put(Ad(id: "b", bid: -1)) }?.code == .invalidAd)
    #expect(live.count == CatalogBuilder.Limits.attributeCountMax)
    #expect(live.merged().columns.count == CatalogBuilder.Limits.attributeCountMax)
  }

  @Test(
    "what was committed is there after opening again, through merges and changes made meanwhile",
    arguments: 0..<12 as Range<UInt64>)
  func durable(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    let catalogFolder = CatalogFolder(folder.url)
    var random = RandomAds(seed: seed)
    let ads = random.ads(30)
    try catalogFolder.replace(with: catalog(ads))
    var expected = Dictionary(uniqueKeysWithValues: ads.map { ($0.id, $0) })
    var writer = try CatalogWriter(catalogFolder)
    var merge: CatalogWriter.Merge?
    for step in 0..<25 {
      switch random.number(below: 8) {
      case 0: merge = writer.beginMerge()
      case 1:
        if let merged = try merge?.run() { try writer.finish(merged) }
        merge = nil
      case 2:
        writer = try CatalogWriter(catalogFolder)
        merge = nil
      default:
        var changed = writer.catalog
        let changes = (0...random.number(below: 3)).map { _ in Self.change(&random, ids: Array(expected.keys)) }
        for change in changes {
          try changed.apply(change)
          if case .put(let ad) = change { expected[ad.id] = ad } else { expected[change.id] = nil }
        }
        try writer.commit(changes, changed)
      }
      try check(writer.catalog, Array(expected.values), "seed \(seed), step \(step)")
      try check(catalogFolder.open(), Array(expected.values), "seed \(seed), step \(step), reopened")
      let copy = try TemporaryFolder()
      try catalogFolder.copy(to: copy.url)
      #expect(try CatalogFolder(copy.url).open().merged().version == catalogFolder.open().merged().version)
    }
  }

  @Test("a journal that a crash cut off anywhere keeps every whole line, and can be appended to")
  func torn() throws {
    let folder = try TemporaryFolder()
    let url = folder.url.appendingPathComponent("j.journal")
    let changes: [CatalogChange] = [.put(Ad(id: "a", bid: 1)), .delete(id: "b\n\u{e9}"), .put(Ad(id: "c", bid: 2))]
    try Journal.write(changes, to: url)
    let whole = Array(try Data(contentsOf: url))
    for cut in 0...whole.count {
      try Data(whole.prefix(cut)).write(to: url)
      let lineCount = whole.prefix(cut).count { $0 == UInt8(ascii: "\n") }
      var journal = try Journal(url)
      try journal.append([.delete(id: "z")])
      #expect(try Journal.read(url).changes == changes.prefix(lineCount) + [.delete(id: "z")], "cut at \(cut)")
    }
    var damaged = whole
    damaged[12] ^= 1
    try Data(damaged).write(to: url)
    #expect(#expect(throws: CatalogError.self) { try Journal.read(url) }?.code == .damagedFile)
  }

  @Test("an import by another process drops the changes before it, and no later change is lost in between")
  func replaced() throws {
    let folder = try TemporaryFolder()
    let catalogFolder = CatalogFolder(folder.url)
    let snapshot = try catalog([Ad(id: "a", bid: 1)])
    try catalogFolder.replace(with: snapshot)
    let writer = try CatalogWriter(catalogFolder)
    try Self.put(Ad(id: "b", bid: 1), writer)
    try catalogFolder.replace(with: snapshot)
    #expect(writer.isReplaced)
    let error = #expect(throws: CatalogError.self) { try Self.put(Ad(id: "c", bid: 1), writer) }
    #expect(error?.code == .replacedFile)
    let merge = writer.beginMerge()
    let merged = try merge.run()
    #expect(#expect(throws: CatalogError.self) { try writer.finish(merged) }?.code == .replacedFile)
    try check(catalogFolder.open(), [Ad(id: "a", bid: 1)], "replaced")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    #expect(!names.contains { $0.hasSuffix(".journal") || $0.hasPrefix(".catalog") }, "\(names)")
  }

  private static func put(_ ad: Ad, _ writer: CatalogWriter) throws {
    var changed = writer.catalog
    try changed.put(ad)
    try writer.commit([.put(ad)], changed)
  }

  private static func change(_ random: inout RandomAds, ids: [String]) -> CatalogChange {
    let known = ids.isEmpty ? nil : ids.sorted()[random.number(below: ids.count)]
    if random.chance(0.3) { return .delete(id: known ?? "nobody") }
    let isKnown = random.chance(0.6)
    return .put(random.ad(id: isKnown ? known ?? "first" : "new \(random.number(below: 50))"))
  }

  private func check(_ live: LiveCatalog, _ ads: [Ad], _ comment: Comment) throws {
    let expected = try catalog(ads)
    #expect(live.merged().version == expected.version, comment)
    for ad in ads {
      let row = try #require(live.row(id: ad.id), comment)
      #expect(
        String(decoding: live.ad(row).json, as: UTF8.self)
          == String(decoding: expected.ad(expected.row(id: ad.id)!).json, as: UTF8.self), comment)
      #expect(live.isActive(row) == (ad.status == .active), comment)
      #expect(!live.isHidden(row), comment)
    }
  }
}
