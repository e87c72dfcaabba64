import Catalog
import Events
import Foundation
import Learning

/// A change of the catalog, as the log keeps it: the payload of ``EventKind/catalogChange``.
struct CatalogRecord: Codable, Equatable {
  enum Action: String, Codable {
    /// Another file was put in place.
    case replaced
    /// Ads were put or deleted one by one.
    case edited
  }

  var action: Action
  /// Version of the catalog file in force.
  var version: String
  /// Ads from then on.
  var ads: Int
  /// Ads before the file was replaced.
  var adsBefore: Int?
  /// Ads put and deleted since the last record.
  var put: Int?
  var deleted: Int?

  var words: String {
    switch action {
    case .replaced: "another catalog came into force: \(ads) ads, before \(adsBefore ?? 0)"
    case .edited: "ads were edited: \(put ?? 0) put, \(deleted ?? 0) deleted, \(ads) ads"
    }
  }
}

/// Notes changes of the catalog for the log: each new file, and edits of ads at most once a minute.
///
/// Not thread-safe: the deployer uses it on its queue. A killed process loses the edits of the last minute.
struct CatalogJournal {
  /// Time between two records of edits.
  private static let reportMilliseconds: Milliseconds = 60_000

  private var replacements: [CatalogRecord] = []
  private var put = 0
  private var deleted = 0
  private var lastReport: Milliseconds?

  mutating func note(replaced catalog: LiveCatalog, adsBefore: Int) {
    replacements.append(
      CatalogRecord(action: .replaced, version: catalog.base.version, ads: catalog.count, adsBefore: adsBefore))
  }

  mutating func note(_ changes: [CatalogChange]) {
    for change in changes {
      switch change {
      case .put: put += 1
      case .delete: deleted += 1
      }
    }
  }

  /// What is due for the log, and from then on forgotten; edits at once when `isFinal`.
  mutating func take(_ catalog: LiveCatalog, now: Milliseconds, isFinal: Bool = false) -> [CatalogRecord] {
    var records = replacements
    replacements = []
    let isDue = isFinal || lastReport.map { now - $0 >= Self.reportMilliseconds } ?? true
    guard put + deleted > 0, isDue else { return records }
    records.append(
      CatalogRecord(
        action: .edited, version: catalog.base.version, ads: catalog.count, put: put, deleted: deleted))
    (put, deleted, lastReport) = (0, 0, now)
    return records
  }
}

extension CatalogRecord {
  func event(at time: Milliseconds) throws -> Event {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return Event(kind: .catalogChange, time: time, received: time, payload: Array(try encoder.encode(self)))
  }
}
