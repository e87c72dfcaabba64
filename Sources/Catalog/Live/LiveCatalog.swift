import Features
import HashTreeCollections

/// All ads at one moment while they change: an immutable snapshot, and the ads that were put or deleted since.
///
/// A value: who keeps a copy keeps its moment. Copies share what they have in common, and a change costs O(log changes),
/// nothing that grows with the catalog. Every ad has a row: in the snapshot its row there, after it a row for each put, in
/// the order of puts. The row of an ad that was replaced or deleted is hidden and never used again.
public struct LiveCatalog: Sendable {
  public let base: CatalogSnapshot
  /// One more than the last row.
  public private(set) var rowEnd: Int
  /// Number of ads.
  public private(set) var count: Int
  /// Ads that aren't paused.
  public private(set) var activeCount: Int
  /// Changes since the snapshot.
  public private(set) var changeCount = 0
  /// The highest bid of any ad so far, in currency units a click; 0 without ads.
  public private(set) var bidMax: Double
  /// Context fields that a rule names.
  public private(set) var targetedFields: Set<String>

  private var added = TreeDictionary<Int, AddedAd>()
  /// What became of ids since the snapshot: the row, or `nil` for a deleted ad.
  private var changed = TreeDictionary<ExactText, Int?>()
  private var hidden = RowSet()
  private let baseRules: [TargetingRule: UInt32]
  private var newRules = TreeSet<TargetingRule>()
  private var newAttributes = Set<String>()

  /// The snapshot without changes.
  public init(_ base: CatalogSnapshot) {
    self.base = base
    rowEnd = base.count
    count = base.count
    activeCount = (0..<base.count).count { base.isActive($0) }
    bidMax = base.bids.reduce(0) { max($0, $1) }
    targetedFields = base.targetedFields
    baseRules = Dictionary(zip(base.targetingRules, UInt32(0)...)) { first, _ in first }
  }

  /// Whether the ad in a row was replaced or deleted.
  public func isHidden(_ row: Int) -> Bool { hidden.count > 0 && hidden.contains(row) }

  /// The row of an ad, `nil` when there is none; O(log count).
  public func row(id: String) -> Int? {
    if let row = changed[ExactText(id)] { return row }
    return base.row(id: id)
  }

  /// The ad that was put into a row, `nil` for rows of the snapshot.
  public func added(_ row: Int) -> AddedAd? { added[row] }

  /// The ads that were put after the snapshot and are still there, in no order.
  public var additions: some Sequence<AddedAd> { added.values }

  /// Puts an ad in, in place of the one with its id.
  ///
  /// - throws: ``CatalogError`` when the ad isn't valid or a limit of the catalog would be passed; nothing has changed then.
  public mutating func put(_ ad: Ad) throws(CatalogError) {
    try ad.validate()
    let rule = TargetingRule(ad.targeting)
    var ad = ad
    ad.targeting = rule.targeting
    ad.attributes = ad.attributes.filter { !$0.value.isEmpty }
    let baseRuleIndex = baseRules[rule]
    let attributes = ad.attributes.keys.filter { base.column($0) == nil }
    try checkLimits(isRuleNew: baseRuleIndex == nil && !newRules.contains(rule), attributes)
    hide(ad.id)
    newAttributes.formUnion(attributes)
    if baseRuleIndex == nil { newRules.insert(rule) }
    targetedFields.formUnion(rule.conditions.map(\.field))
    added[rowEnd] = AddedAd(
      row: rowEnd, ad: ad, rule: rule, baseRuleIndex: baseRuleIndex, baseRowsBefore: base.rowCount(before: ad.id))
    changed[ExactText(ad.id)] = .some(rowEnd)
    rowEnd += 1
    count += 1
    activeCount += ad.status == .active ? 1 : 0
    bidMax = max(bidMax, ad.bid)
    changeCount += 1
  }

  /// Takes an ad out; returns whether there was one.
  @discardableResult
  public mutating func delete(id: String) -> Bool {
    guard hide(id) else { return false }
    changed[ExactText(id)] = .some(nil)
    changeCount += 1
    return true
  }

  /// Makes a change; deleting what isn't there does nothing.
  ///
  /// - throws: as ``put(_:)`` does.
  public mutating func apply(_ change: CatalogChange) throws(CatalogError) {
    switch change {
    case .put(let ad): try put(ad)
    case .delete(let id): delete(id: id)
    }
  }

  /// A snapshot of the same ads; costs a copy of the catalog.
  public func merged() -> CatalogSnapshot {
    guard changeCount > 0 else { return base }
    do {
      return try base.updating(
        added.values.map(\.ad), removing: changed.lazy.filter { $0.value == nil }.map(\.key.text))
    } catch {
      preconditionFailure("changes that were accepted one by one are refused together: \(error)")
    }
  }

  @discardableResult
  private mutating func hide(_ id: String) -> Bool {
    guard let row = row(id: id) else { return false }
    count -= 1
    activeCount -= isActive(row) ? 1 : 0
    added[row] = nil
    hidden.insert(row)
    return true
  }

  private func checkLimits(isRuleNew: Bool, _ attributes: [String]) throws(CatalogError) {
    guard count < CatalogBuilder.Limits.adCountMax else {
      throw CatalogError(.limitReached, "the catalog is full with \(count) ads; delete some first")
    }
    if isRuleNew { try CatalogBuilder.checkRuleCount(baseRules.count + newRules.count + 1) }
    try CatalogBuilder.checkAttributeCount(base.columns.count + newAttributes.union(attributes).count)
  }
}
