/// What is in a catalog, in numbers: for people who wonder why an ad isn't shown, and as JSON for tools.
public struct CatalogInspection: Codable, Sendable, Equatable {
  public let version: String
  public let adCount: Int
  public let activeCount: Int
  public let budgetedCount: Int
  public let bids: BidSummary
  public let attributes: [AttributeSummary]
  public let targeting: TargetingSummary

  /// One attribute of the ads.
  public struct AttributeSummary: Codable, Sendable, Equatable {
    public let name: String
    /// Number of distinct values.
    public let valueCount: Int
    /// Share of the ads without a value, in [0, 1].
    public let missingShare: Double
    /// The most frequent values, most frequent first, ties by value.
    public let topValues: [ValueCount]
  }

  /// A value, or a targeting rule as text, and the number of ads that have it.
  public struct ValueCount: Codable, Sendable, Equatable {
    public let value: String
    public let adCount: Int
  }

  /// Who the ads are for.
  public struct TargetingSummary: Codable, Sendable, Equatable {
    /// Distinct rules besides the one that matches every request.
    public let ruleCount: Int
    /// Share of the ads that target somebody, in [0, 1].
    public let targetedShare: Double
    /// Context fields that rules name, with the number of ads that target them, most first.
    public let fields: [ValueCount]
    /// The most frequent rules, most frequent first.
    public let topRules: [ValueCount]
  }

  /// Looks at every ad once, in O(ads × attributes + ads · log ads).
  ///
  /// - parameter topCount: values and rules that are listed at most.
  public init(_ catalog: CatalogSnapshot, topCount: Int = 5) {
    version = catalog.version
    adCount = catalog.count
    activeCount = (0..<catalog.count).count { catalog.isActive($0) }
    budgetedCount = (0..<catalog.count).count { catalog.budgetCode($0) > 0 }
    bids = BidSummary(catalog.bids)
    attributes = catalog.columns.map { Self.attribute($0, topCount: topCount) }
    targeting = Self.targeting(catalog, topCount: topCount)
  }

  private static func attribute(_ column: AttributeColumn, topCount: Int) -> AttributeSummary {
    let counts = counts(column.codes, below: column.values.count + 1)
    return AttributeSummary(
      name: column.name, valueCount: column.values.count,
      missingShare: share(counts[0], of: column.codes.count),
      topValues: top(zip(column.values, counts.dropFirst()), topCount))
  }

  private static func targeting(_ catalog: CatalogSnapshot, topCount: Int) -> TargetingSummary {
    let counts = counts(catalog.targetingRuleIndices, below: catalog.targetingRules.count)
    var fields: [String: Int] = [:]
    for (rule, count) in zip(catalog.targetingRules, counts) {
      for field in Set(rule.conditions.map(\.field)) { fields[field, default: 0] += count }
    }
    let rules = zip(catalog.targetingRules, counts).dropFirst().map { ($0.text, $1) }
    return TargetingSummary(
      ruleCount: rules.count, targetedShare: share(catalog.count - counts[0], of: catalog.count),
      fields: top(fields.map { ($0.key, $0.value) }, fields.count),
      topRules: top(rules, topCount))
  }

  private static func counts(_ codes: UnsafeBufferPointer<UInt32>, below bound: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: bound)
    for code in codes { counts[Int(code)] += 1 }
    return counts
  }

  private static func share(_ part: Int, of whole: Int) -> Double {
    whole == 0 ? 0 : Double(part) / Double(whole)
  }

  private static func top(_ counts: some Sequence<(String, Int)>, _ topCount: Int) -> [ValueCount] {
    counts.map { ValueCount(value: $0.0, adCount: $0.1) }
      .sorted { $0.adCount != $1.adCount ? $0.adCount > $1.adCount : utf8Precedes($0.value, $1.value) }
      .prefix(topCount).map(\.self)
  }
}

extension TargetingRule {
  /// For people: `country in DE|AT, device not in tv, at mon 08:00–18:00 UTC`.
  public var text: String {
    let fields = conditions.map { condition in
      "\(condition.field) \(condition.isForbidding ? "not in" : "in") \(condition.values.joined(separator: "|"))"
    }
    let times = schedule.isEmpty ? [] : ["at \(schedule.map(\.text).joined(separator: " or "))"]
    return (fields + times).joined(separator: ", ")
  }
}
