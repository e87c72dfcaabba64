import Catalog
import HTTPServer
import HTTPTypes

/// What an operator asks for one ad.
enum AdEdit: Sendable {
  case put(Ad)
  /// Changes what the JSON mentions.
  case patch(id: String, JSONValue)
  case delete(id: String)

  /// Id of the ad.
  var id: String {
    switch self {
    case .put(let ad): ad.id
    case .patch(let id, _), .delete(let id): id
    }
  }

  /// What became of an edit.
  struct Outcome: Sendable {
    /// The ad from now on; `nil` when it is gone.
    let ad: Ad?
    /// Whether there was no such ad before.
    let isNew: Bool
  }

  /// Makes the edit in `catalog`, and returns what to make durable.
  ///
  /// - throws: ``CatalogError``, of code `unknownAd` when there is no such ad; nothing has changed then.
  func apply(to catalog: inout LiveCatalog) throws(CatalogError) -> (change: CatalogChange, outcome: Outcome) {
    switch self {
    case .put(let ad):
      let isNew = catalog.row(id: ad.id) == nil
      try catalog.put(ad)
      return (.put(ad), Outcome(ad: ad, isNew: isNew))
    case .patch(let id, let json):
      guard var ad = catalog.ad(id: id) else { throw Self.unknown(id) }
      try ad.merge(json)
      guard ad.id.utf8.elementsEqual(id.utf8) else {
        throw CatalogError(.invalidAd, "an ad can't change its id; put a new one and delete this one")
      }
      try catalog.put(ad)
      return (.put(ad), Outcome(ad: ad, isNew: false))
    case .delete(let id):
      guard catalog.delete(id: id) else { throw Self.unknown(id) }
      return (.delete(id: id), Outcome(ad: nil, isNew: false))
    }
  }

  static func unknown(_ id: String) -> CatalogError {
    CatalogError(.unknownAd, "the catalog has no ad '\(id)'")
  }
}
