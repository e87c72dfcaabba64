/// All ads at one moment, column by column; immutable, so any thread may read it.
///
/// Rows ascend by ad id (UTF-8 bytes). Memory is about 45 bytes an ad, its id, and 4 bytes for each attribute;
/// creatives add theirs, and stay in the file when the snapshot was opened from one.
///
/// Its buffers live as long as it does, so keep it in a variable or property while you use one: the buffer of a
/// temporary, as in `builder.build().bids`, is gone at once.
public final class CatalogSnapshot: @unchecked Sendable {
  /// No ads.
  public static let empty = CatalogBuilder().build()

  /// Number of ads.
  public let count: Int
  /// Identifies the content: equal catalogs have equal versions, in every process and in every release.
  public let version: String
  /// Currency units a click, by row.
  public let bids: UnsafeBufferPointer<Double>
  /// Attributes, ascending by name.
  public let columns: [AttributeColumn]
  /// Distinct rules; rule 0 matches every request.
  public let targetingRules: [TargetingRule]
  /// Index into ``targetingRules``, by row.
  public let targetingRuleIndices: UnsafeBufferPointer<UInt32>
  /// All context fields that any rule names.
  public let targetedFields: Set<String>

  let sections: Sections
  let budgets: [Budget]
  private let statuses: UnsafeBufferPointer<UInt8>
  private let identifierOffsets: UnsafeBufferPointer<UInt64>
  private let budgetIndices: UnsafeBufferPointer<UInt32>
  private let creativeOffsets: UnsafeBufferPointer<UInt64>
  private let columnIndices: [String: Int]

  /// A snapshot that reads the given sections.
  ///
  /// - throws: ``CatalogError`` when they contradict each other, so that no later access can leave its bounds.
  init(_ sections: Sections) throws(CatalogError) {
    self.sections = sections
    bids = sections[.bids].elements()
    count = bids.count
    statuses = sections[.statuses].elements()
    identifierOffsets = sections[.identifierOffsets].elements()
    creativeOffsets = sections[.creativeOffsets].elements()
    targetingRuleIndices = sections[.ruleIndices].elements()
    budgetIndices = sections[.budgetIndices].elements()
    targetingRules = try sections.decodeRules()
    budgets = try sections.decodeBudgets()
    columns = try sections.decodeColumns(count: count)
    targetedFields = Set(targetingRules.flatMap { $0.conditions.map(\.field) })
    columnIndices = Dictionary(columns.enumerated().map { ($1.name, $0) }) { first, _ in first }
    version = sections.version
    try sections.check(count: count, ruleCount: targetingRules.count, budgetCount: budgets.count)
  }

  /// The id of the ad in a row.
  public func id(_ row: Int) -> String {
    String(decoding: identifier(row), as: UTF8.self)
  }

  /// The row of an ad, `nil` when there is none; O(log count).
  public func row(id: String) -> Int? {
    var id = id
    return id.withUTF8 { key in
      let key = UnsafeRawBufferPointer(key)
      let row = firstRow(notBefore: key)
      return row < count && compareBytes(identifier(row), key) == 0 ? row : nil
    }
  }

  /// How many rows have an id that comes before `id`; O(log count).
  func rowCount(before id: String) -> Int {
    var id = id
    return id.withUTF8 { firstRow(notBefore: UnsafeRawBufferPointer($0)) }
  }

  /// Whether the ad in a row takes part in rankings.
  public func isActive(_ row: Int) -> Bool { statuses[row] == 0 }

  /// The attribute called `name`, `nil` when no ad has it.
  public func column(_ name: String) -> AttributeColumn? {
    columnIndices[name].map { columns[$0] }
  }

  /// The raw values of an ad by attribute name, in O(attributes).
  public func attributes(_ row: Int) -> [String: String] {
    var attributes: [String: String] = [:]
    for column in columns {
      if let value = column.value(row) { attributes[column.name] = value }
    }
    return attributes
  }

  /// The budget of an ad, `nil` for none.
  public func budget(_ row: Int) -> Budget? {
    let code = Int(budgetCode(row))
    return code == 0 ? nil : budgets[code - 1]
  }

  /// What the reader sees of an ad; may read the catalog's file.
  public func creative(_ row: Int) -> Creative {
    Creative(packed: packedCreative(row))
  }

  /// The whole ad in a row.
  public func ad(_ row: Int) -> Ad {
    Ad(
      id: id(row), bid: bids[row], status: isActive(row) ? .active : .paused, attributes: attributes(row),
      targeting: targetingRules[Int(targetingRuleIndices[row])].targeting, budget: budget(row), creative: creative(row))
  }

  /// The bytes of the id in a row.
  func identifier(_ row: Int) -> UnsafeRawBufferPointer {
    sections[.identifierBytes].part(identifierOffsets[row], identifierOffsets[row + 1])
  }

  /// The bytes of the creative in a row.
  func packedCreative(_ row: Int) -> UnsafeRawBufferPointer {
    sections[.creativeBytes].part(creativeOffsets[row], creativeOffsets[row + 1])
  }

  /// 0 for no budget, else one more than the index into ``budgets``.
  func budgetCode(_ row: Int) -> UInt32 { budgetIndices[row] }

  private func firstRow(notBefore key: UnsafeRawBufferPointer) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if compareBytes(identifier(middle), key) < 0 { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
