/// Whom an ad is for: for each targeted context field, the values that are allowed.
///
/// Ads share their rules: a catalog of a million ads has a few thousand.
public struct TargetingRule: Sendable, Hashable {
  /// Ascending by field name. A rule without conditions matches every request.
  public let fields: [Condition]

  /// The values one context field may have.
  public struct Condition: Sendable, Hashable {
    public let field: String
    /// Distinct, ascending by their UTF-8 bytes.
    public let values: [String]
  }

  /// A rule of the given allowed values by context field; their order and repetitions don't matter.
  public init(_ targeting: [String: [String]] = [:]) {
    fields = targeting.map { Condition(field: $0.key, values: Array(Set($0.value)).sorted(by: utf8Precedes)) }
      .sorted { utf8Precedes($0.field, $1.field) }
  }

  /// Whether a request may see the ad, in O(values).
  ///
  /// - parameter context: the request's raw value of a field; a missing value (`nil`) is in no set.
  public func matches(_ context: (String) -> String?) -> Bool {
    fields.allSatisfy { condition in
      guard let value = context(condition.field) else { return false }
      return condition.values.contains(value)
    }
  }

  /// The rule as an ad states it.
  public var targeting: [String: [String]] {
    Dictionary(uniqueKeysWithValues: fields.map { ($0.field, $0.values) })
  }
}

/// The one order of ids, names and values in a catalog: by UTF-8 bytes, whatever the locale.
func utf8Precedes(_ first: String, _ second: String) -> Bool {
  first.utf8.lexicographicallyPrecedes(second.utf8)
}
