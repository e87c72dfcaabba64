/// Whom an ad is for, as its owner states it: every part must hold.
public struct Targeting: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  /// By context field, the raw values of which the request must have one; a missing value is in no set.
  public var allowed: [String: [String]]
  /// By context field, the raw values that the request mustn't have; a missing value is none of them.
  public var forbidden: [String: [String]]
  /// Spans of the week of which one must hold; any time when there are none.
  public var schedule: [TimeWindow]

  /// For everybody at any time.
  public init() {
    self.init(allowed: [:], forbidden: [:], schedule: [])
  }

  public init(
    allowed: [String: [String]], forbidden: [String: [String]] = [:], schedule: [TimeWindow] = []
  ) {
    self.allowed = allowed
    self.forbidden = forbidden
    self.schedule = schedule
  }

  /// At some times only.
  init(schedule: [TimeWindow]) {
    self.init(allowed: [:], forbidden: [:], schedule: schedule)
  }

  /// Allowed values by context field.
  public init(dictionaryLiteral elements: (String, [String])...) {
    self.init(allowed: Dictionary(uniqueKeysWithValues: elements))
  }

  /// The allowed values of a context field, `nil` for no condition.
  public subscript(field: String) -> [String]? {
    get { allowed[field] }
    set { allowed[field] = newValue }
  }

  /// Whether the ad is for everybody at any time.
  public var isEmpty: Bool { allowed.isEmpty && forbidden.isEmpty && schedule.isEmpty }

  /// Context fields with a condition.
  public var fields: Set<String> { Set(allowed.keys).union(forbidden.keys) }
}
