import Catalog
import Events

/// A model folded into a catalog: the exact best ads for a request in microseconds.
///
/// What doesn't depend on the request is one number an ad; what doesn't depend on the ad is a small table for each set of
/// crossed ad attributes, made when the request comes. Both are rounded to steps such that the scan of bytes gives an upper
/// bound of every score; ads whose bound reaches the worst of the best so far are scored exactly. So the answers are those
/// of ``ReferenceRanker``, bit by bit.
///
/// Ads added after the catalog's snapshot was folded in share its tables: the latest few hundred are scored one by one,
/// those before them are scanned, in a small and a large layout, so that an ad is laid out anew a few dozen times at most.
/// Immutable; any thread may use it.
public final class Plan: Sendable {
  public let model: Model
  public let catalog: LiveCatalog
  let base: PlanBase
  /// The large layout of added ads, then the small one.
  let additions: [PlanAdditions]
  /// Active ads added after ``additions`` was made.
  let recent: [EncodedAd]
  /// All ads that are scanned.
  let parts: [PlanPart]

  /// Ads that are scored one by one, 10 nanoseconds each, before they are laid out for scans.
  static let recentCountMax = 512
  /// Ads of the small layout.
  static let smallCountMax = 8 * recentCountMax

  /// Folds the model into the catalog, in about half a second for a million ads.
  ///
  /// - parameter simd: must be available on this processor.
  public convenience init(model: Model, catalog: LiveCatalog, simd: SIMDLevel = .preferred) {
    precondition(simd.isAvailable, "\(simd) isn't available on this processor")
    let base = PlanBase(model: model, catalog: catalog.base, simd: simd)
    self.init(base: base, catalog: catalog, additions: [], recent: Self.encode(catalog.base.count, catalog, base))
  }

  /// Folds the model into a catalog that doesn't change.
  public convenience init(model: Model, catalog: CatalogSnapshot, simd: SIMDLevel = .preferred) {
    self.init(model: model, catalog: LiveCatalog(catalog), simd: simd)
  }

  private init(base: PlanBase, catalog: LiveCatalog, additions: [PlanAdditions], recent: [EncodedAd]) {
    self.base = base
    self.catalog = catalog
    model = base.model
    guard recent.count > Self.recentCountMax else {
      self.additions = additions
      self.recent = recent
      parts = [base.part] + additions.map(\.part)
      return
    }
    let (large, small) = (additions.first, additions.dropFirst().first)
    let later = (small?.ads ?? []).filter { !catalog.isHidden($0.added.row) } + recent
    if let large, later.count <= Self.smallCountMax {
      self.additions = [large, PlanAdditions(later, base, firstRule: large.ruleEnd)]
    } else {
      let earlier = (large?.ads ?? []).filter { !catalog.isHidden($0.added.row) }
      self.additions = [PlanAdditions(earlier + later, base, firstRule: base.rules.ruleCount)]
    }
    self.recent = []
    parts = [base.part] + self.additions.map(\.part)
  }

  public var simd: SIMDLevel { base.simd }

  /// Ads that aren't paused.
  public var activeCount: Int { catalog.activeCount }

  var layout: ColumnLayout { base.layout }

  var crosses: [CrossColumn] { base.crosses }

  var scratches: ScratchPool { additions.last?.scratches ?? base.scratches }

  /// The plan of a later moment of the catalog; microseconds, and now and then milliseconds for a layout of all additions.
  ///
  /// - parameter catalog: this plan's, changed; `nil` is returned for one of another snapshot.
  public func following(_ catalog: LiveCatalog) -> Plan? {
    guard catalog.base === base.catalog, catalog.rowEnd >= self.catalog.rowEnd else { return nil }
    let kept = recent.filter { !catalog.isHidden($0.added.row) }
    return Plan(
      base: base, catalog: catalog, additions: additions,
      recent: kept + Self.encode(self.catalog.rowEnd, catalog, base))
  }

  private static func encode(_ firstRow: Int, _ catalog: LiveCatalog, _ base: PlanBase) -> [EncodedAd] {
    (firstRow..<catalog.rowEnd).compactMap { row in
      catalog.added(row).flatMap { $0.ad.status == .active ? EncodedAd($0, base) : nil }
    }
  }
}
