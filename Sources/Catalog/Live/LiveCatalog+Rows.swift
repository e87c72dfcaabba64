import Features

extension LiveCatalog {
  /// The id of the ad in a row.
  public func id(_ row: Int) -> String { added(row)?.ad.id ?? base.id(row) }

  /// Currency units a click.
  public func bid(_ row: Int) -> Double { row < base.count ? base.bids[row] : added(row)?.ad.bid ?? 0 }

  /// Whether the ad in a row takes part in rankings; a hidden one doesn't.
  public func isActive(_ row: Int) -> Bool {
    guard row < base.count else { return added(row)?.ad.status == .active }
    return base.isActive(row) && !isHidden(row)
  }

  /// Whom the ad in a row is for.
  public func targetingRule(_ row: Int) -> TargetingRule {
    added(row)?.rule ?? base.targetingRules[Int(base.targetingRuleIndices[row])]
  }

  /// The raw values of an ad by attribute name.
  public func attributes(_ row: Int) -> [String: String] { added(row)?.ad.attributes ?? base.attributes(row) }

  /// The budget of an ad, `nil` for none.
  public func budget(_ row: Int) -> Budget? {
    row < base.count ? base.budget(row) : added(row)?.ad.budget
  }

  /// What the reader sees of an ad; may read the catalog's file.
  public func creative(_ row: Int) -> Creative { added(row)?.ad.creative ?? base.creative(row) }

  /// The whole ad in a row.
  public func ad(_ row: Int) -> Ad { added(row)?.ad ?? base.ad(row) }

  /// The rows of the ads that have a value, in O(ads).
  public func rows(where attribute: String, is value: String) -> [Int] {
    let column = base.column(attribute)
    let code = column?.code(value)
    let rows = code.map { code in (0..<base.count).filter { column?.codes[$0] == code && !isHidden($0) } } ?? []
    return rows
      + additions.filter { $0.ad.attributes[attribute].map { ExactText($0) } == ExactText(value) }.map(\.row)
  }

  /// The ad called `id`, `nil` when there is none.
  public func ad(id: String) -> Ad? { row(id: id).map(ad) }
}
