import Catalog

/// The catalog's distinct targeting rules, evaluated once a request.
///
/// For each value of each targeted field there is a list of the rules that allow it; a rule matches when each of its
/// conditions is met, so a request counts down its values' lists.
struct RuleColumn: Sendable {
  let bucketCount: Int
  /// The bucket of each rule; rules share buckets when there are too many.
  let bucketOfRule: [UInt8]
  /// Conditions of each rule.
  private let conditionCounts: [UInt8]
  private let rulesAllowing: [String: [String: [UInt32]]]

  init(catalog: CatalogSnapshot) {
    let rules = catalog.targetingRules
    conditionCounts = rules.map { UInt8($0.fields.count) }
    var lists: [String: [String: [UInt32]]] = [:]
    for (index, rule) in rules.enumerated() {
      for condition in rule.fields {
        for value in condition.values { lists[condition.field, default: [:]][value, default: []].append(UInt32(index)) }
      }
    }
    rulesAllowing = lists
    bucketCount = min(rules.count, CrossColumn.bucketCountMax)
    bucketOfRule = Self.buckets(rules, bucketCount)
  }

  var ruleCount: Int { conditionCounts.count }

  /// Writes for each rule how many of its conditions the request doesn't meet: 0 for a match. In O(rules + matches).
  func unmetCounts(_ context: [String: String], into unmet: UnsafeMutableBufferPointer<UInt8>) {
    _ = unmet.update(from: conditionCounts)
    for (field, lists) in rulesAllowing {
      guard let value = context[field], let rules = lists[value] else { continue }
      for rule in rules { unmet[Int(rule)] -= 1 }
    }
  }

  /// Rules with alike conditions share a bucket, so that they tend to match together.
  private static func buckets(_ rules: [TargetingRule], _ count: Int) -> [UInt8] {
    guard rules.count > count else { return rules.indices.map { UInt8($0) } }
    let names = rules.map { rule in
      rule.fields.map { "\($0.field)=\($0.values.joined(separator: "|"))" }.joined(separator: "&")
    }
    var buckets = [UInt8](repeating: 0, count: rules.count)
    for (place, rule) in rules.indices.sorted(by: { names[$0] < names[$1] }).enumerated() {
      buckets[rule] = UInt8(place * count / rules.count)
    }
    return buckets
  }
}
