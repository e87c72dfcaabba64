import Features

/// Whom an ad is for, in the one form that equal targeting has: conditions that must all hold, and times of which one must.
///
/// Ads share their rules: a catalog of a million ads has a few thousand. Texts are compared by their bytes.
public struct TargetingRule: Sendable, Hashable {
  /// Ascending by field; a field's allowed values stand before its forbidden ones.
  public let conditions: [Condition]
  /// Distinct windows in a fixed order; any time when there are none.
  public let schedule: [TimeWindow]

  /// A rule without conditions matches every request.
  public init(_ targeting: Targeting = Targeting()) {
    conditions =
      (targeting.allowed.map { Condition(field: $0.key, values: $0.value, isForbidding: false) }
      + targeting.forbidden.map { Condition(field: $0.key, values: $0.value, isForbidding: true) })
      .sorted { ExactText($0.field) == ExactText($1.field) ? !$0.isForbidding : utf8Precedes($0.field, $1.field) }
    schedule = Set(targeting.schedule).sorted { $0.order.lexicographicallyPrecedes($1.order) }
  }

  /// Whether a request may see the ad, in O(values).
  ///
  /// - parameter time: when the request came, in milliseconds since 1970 UTC.
  /// - parameter context: the request's raw value of a field, `nil` for none.
  public func matches(at time: Int64, _ context: (String) -> String?) -> Bool {
    isOpen(at: time) && unmetCondition(context) == nil
  }

  /// Whether the schedule allows a moment.
  public func isOpen(at time: Int64) -> Bool {
    schedule.isEmpty || schedule.contains { $0.contains(time) }
  }

  /// The first condition that a request doesn't meet.
  public func unmetCondition(_ context: (String) -> String?) -> Condition? {
    conditions.first { !$0.isMet(by: context($0.field)) }
  }

  /// The rule as an ad states it.
  public var targeting: Targeting {
    var targeting = Targeting(schedule: schedule)
    for condition in conditions {
      if condition.isForbidding {
        targeting.forbidden[condition.field] = condition.values
      } else {
        targeting.allowed[condition.field] = condition.values
      }
    }
    return targeting
  }
}

extension TargetingRule {
  /// The values that one context field must, or mustn't, have.
  public struct Condition: Sendable, Hashable {
    public let field: String
    /// Distinct, ascending by their UTF-8 bytes.
    public let values: [String]
    /// Whether the values are those that the request mustn't have.
    public let isForbidding: Bool

    init(field: String, values: [String], isForbidding: Bool) {
      self.field = field
      self.values = Set(values.map { ExactText($0) }).sorted().map(\.text)
      self.isForbidding = isForbidding
    }

    /// - parameter value: the request's; a missing one (`nil`) is in no set, so it meets only what forbids.
    public func isMet(by value: String?) -> Bool {
      guard let value else { return isForbidding }
      return values.containsExactly(value) != isForbidding
    }

    public static func == (first: Condition, second: Condition) -> Bool {
      first.isForbidding == second.isForbidding && first.texts == second.texts
    }

    private var texts: [ExactText] { ([field] + values).map { ExactText($0) } }
  }
}

extension TimeWindow {
  fileprivate var order: [Int] { [Int(days), start, end] + zone.utf8.map(Int.init) }
}

/// The one order of ids, names and values in a catalog: by UTF-8 bytes, whatever the locale.
func utf8Precedes(_ first: String, _ second: String) -> Bool {
  ExactText(first) < ExactText(second)
}
