import Catalog
import Events
import Foundation
import Learning
import Logging
import Monitoring
import Testing

@testable import AdServer

@Suite("What was changed")
struct ChangeHistoryTests {
  private typealias Change = DiagnosisReport.Circumstances.Change

  /// Everything the log tells of, in the words of a report.
  private func words(_ system: AdSystem) throws -> [String] {
    try system.joiner.catchUp()
    return try ChangeHistory(system.store).changes(from: 0, to: .max).changes.map { "\($0.kind.rawValue): \($0.words)" }
  }

  @Test("a start tells the version, the settings and the catalog that changed since the one before")
  func starts() throws {
    let test = try TestSystem()
    let log = test.system.log
    var record = try StartRecord(test.system, version: "1.0", catalog: "c1", ads: 3)
    try log.append([record.event])
    #expect(try words(test.system) == ["start: the server started, version 1.0"])
    record.version = "1.1"
    record.catalog = "c2"
    record.ads = 2
    record.settings["ranking.reserve_price"] = "0.2"
    try log.append([record.event])
    #expect(
      try words(test.system).suffix(2) == [
        "start: the server started, version 1.1, before 1.0, another catalog (3 ads before, 2 now)",
        "configuration: settings changed: ranking.reserve_price from 0 to 0.2",
      ])
  }

  @Test("promotions, experiments and what is no record are told or passed over")
  func others() throws {
    let test = try TestSystem()
    func append(_ kind: EventKind, _ payload: String) throws {
      try test.system.log.append([Event(kind: kind, time: 1000, received: 1000, payload: Array(payload.utf8))])
    }
    try append(.promotion, #"{"model":"m2","action":"rolled_back","reason":"it lost","who":"ann"}"#)
    try append(.experimentChange, #"{"experiment":"e1","action":"stop","who":"bob","why":"done","revision":2}"#)
    try append(.catalogChange, "{}")
    try append(.start, "[]")
    #expect(
      try words(test.system) == [
        "model: model m2 rolled back by ann: it lost", "experiment: experiment e1: stop by bob: done",
      ])
  }

  @Test("only the last changes are listed, and the others are counted")
  func limit() throws {
    let test = try TestSystem()
    let count = ChangeHistory.listedCountMax + 3
    let events = try (1...count).map {
      try CatalogRecord(action: .edited, version: "v", ads: $0, put: 1, deleted: 0).event(at: Milliseconds($0))
    }
    try test.system.log.append(events)
    try test.system.joiner.catchUp()
    let found = try ChangeHistory(test.system.store).changes(from: 0, to: .max)
    #expect(found.changes.last?.words == "ads were edited: 1 put, 0 deleted, \(count) ads")
    #expect(found.changes.count == ChangeHistory.listedCountMax && found.omittedCount == 3)
  }

  @Test("edits of ads are told at most once a minute, with none left out, and a new catalog at once")
  func journal() throws {
    let test = try TestSystem()
    var builder = CatalogBuilder()
    for number in 1...3 { try builder.add(Ad(id: "ad-\(number)", bid: 1)) }
    try test.system.directory.catalog.replace(with: builder.build())
    let catalog = try test.system.openCatalog()
    let version = catalog.base.version
    var journal = CatalogJournal()
    func edited(_ put: Int, _ deleted: Int) -> CatalogRecord {
      CatalogRecord(action: .edited, version: version, ads: 3, put: put, deleted: deleted)
    }
    #expect(journal.take(catalog, now: 0).isEmpty)
    journal.note([.put(Ad(id: "a", bid: 1))])
    #expect(journal.take(catalog, now: 1000) == [edited(1, 0)])
    journal.note([.put(Ad(id: "a", bid: 2)), .delete(id: "a")])
    journal.note([.delete(id: "b")])
    #expect(journal.take(catalog, now: 60_999).isEmpty)
    journal.note(replaced: catalog, adsBefore: 7)
    #expect(
      journal.take(catalog, now: 60_999) == [
        CatalogRecord(action: .replaced, version: version, ads: 3, adsBefore: 7)
      ])
    #expect(journal.take(catalog, now: 61_000) == [edited(1, 2)])
    journal.note([.delete(id: "c")])
    #expect(journal.take(catalog, now: 61_001).isEmpty)
    #expect(journal.take(catalog, now: 61_001, isFinal: true) == [edited(0, 1)])
  }
}
