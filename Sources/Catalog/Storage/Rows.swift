import Features

/// Ads in the order in which they came, as columns with interned values.
struct Rows: Sendable {
  private var identifierBytes: [UInt8] = []
  private var identifierOffsets: [UInt64] = [0]
  private var bids: [Double] = []
  private var statuses: [UInt8] = []
  private var columns: [Column] = []
  private var columnIndices: [String: Int] = [:]
  private var rules = Interner(TargetingRule())
  private var ruleIndices: [UInt32] = []
  private var budgets = Interner<Budget?>(nil)
  private var budgetIndices: [UInt32] = []
  private var creativeBytes: [UInt8] = []
  private var creativeOffsets: [UInt64] = [0]

  private struct Column: Sendable {
    let name: String
    var values = Interner<ExactText?>(nil)
    /// May be shorter than the rows: what is left has no value.
    var codes: [UInt32] = []

    mutating func set(_ value: String, row: Int) {
      if codes.count < row { pad(to: row) }
      codes.append(values.code(ExactText(value)))
    }

    mutating func pad(to count: Int) {
      codes.append(contentsOf: repeatElement(0, count: count - codes.count))
    }
  }

  var count: Int { bids.count }

  /// Takes a valid ad with a new id.
  ///
  /// - throws: ``CatalogError`` at a limit of ``CatalogBuilder/Limits``; nothing is kept of the ad.
  mutating func append(_ ad: Ad) throws(CatalogError) {
    let rule = TargetingRule(ad.targeting)
    try checkLimits(ad, rule)
    for (name, value) in ad.attributes where !value.isEmpty { set(name, value) }
    ruleIndices.append(rules.code(rule))
    budgetIndices.append(budgets.code(ad.budget))
    identifierBytes.append(contentsOf: ad.id.utf8)
    identifierOffsets.append(UInt64(identifierBytes.count))
    ad.creative.pack(into: &creativeBytes)
    creativeOffsets.append(UInt64(creativeBytes.count))
    statuses.append(ad.status == .active ? 0 : 1)
    bids.append(ad.bid)
  }

  /// The rows as sections in their present order, with dictionaries by first appearance; leaves no rows.
  mutating func takeSections() -> Sections {
    let count = count
    var codes: [UInt32] = []
    codes.reserveCapacity(columns.count * count)
    for index in columns.indices {
      columns[index].pad(to: count)
      codes += columns[index].codes
      columns[index].codes = []
    }
    let tables = columns.map { ($0.name, $0.values.elements.compactMap { $0?.text }) }
    let rows = self
    self = Rows()
    return Sections { kind in
      switch kind {
      case .identifierOffsets: Section(rows.identifierOffsets)
      case .identifierBytes: Section(rows.identifierBytes)
      case .bids: Section(rows.bids)
      case .statuses: Section(rows.statuses)
      case .attributes: Section(encoding: tables)
      case .codes: Section(codes)
      case .rules: Section(encoding: rows.rules.elements)
      case .ruleIndices: Section(rows.ruleIndices)
      case .budgets: Section(encoding: rows.budgets.elements.compactMap(\.self))
      case .budgetIndices: Section(rows.budgetIndices)
      case .creativeOffsets: Section(rows.creativeOffsets)
      case .creativeBytes: Section(rows.creativeBytes)
      }
    }
  }

  private mutating func set(_ name: String, _ value: String) {
    let index = columnIndices[name] ?? columns.count
    if index == columns.count {
      columnIndices[name] = index
      columns.append(Column(name: name))
    }
    columns[index].set(value, row: count)
  }

  private func checkLimits(_ ad: Ad, _ rule: TargetingRule) throws(CatalogError) {
    guard count < CatalogBuilder.Limits.adCountMax else {
      throw CatalogError(.limitReached, "the catalog is full with \(count) ads; remove some first")
    }
    try CatalogBuilder.checkRuleCount(rules.elements.count + (rules.contains(rule) ? 0 : 1))
    guard columns.count + ad.attributes.count > CatalogBuilder.Limits.attributeCountMax else { return }
    let added = ad.attributes.count { !$0.value.isEmpty && columnIndices[$0.key] == nil }
    try CatalogBuilder.checkAttributeCount(columns.count + added)
  }
}
