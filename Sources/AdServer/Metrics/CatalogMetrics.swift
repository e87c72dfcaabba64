import Catalog
import Metrics

/// Changes of ads while they are served.
struct CatalogMetrics: Sendable {
  /// What became of an edit.
  enum Fate: String, CaseIterable {
    case stored
    case rejected
    /// Too many wait for the disk.
    case busy
    /// The disk refused.
    case failed
  }

  private let counters = Dictionary(
    uniqueKeysWithValues: Fate.allCases.map {
      ($0, Counter(label: "adloop_catalog_changes_total", dimensions: [("fate", $0.rawValue)]))
    })
  private let unmerged = Gauge(label: "adloop_catalog_unmerged_changes")

  func count(_ count: Int, _ fate: Fate) {
    if count > 0 { counters[fate]?.increment(by: count) }
  }

  func show(_ catalog: LiveCatalog) {
    unmerged.record(catalog.changeCount)
  }
}
