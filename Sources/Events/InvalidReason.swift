/// Why an event is kept and never counts: it isn't billed, not learnt from, and in no business metric.
///
/// The raw value is stored in the log: it never changes its meaning.
public enum InvalidReason: UInt8, Sendable, CaseIterable {
  /// The user agent is a known robot's.
  case userAgent = 1
  /// One user sent more than a person can.
  case userRate = 2
  /// One address sent more than people behind it can.
  case addressRate = 3
  /// A known probe or load test.
  case loadTest = 4
  /// It happened, by the sender's clock, at a time at which it can't have.
  case timing = 5
  /// Its decision is older than events are taken for.
  case expired = 6
  /// A browser loaded the link in advance; nobody saw or clicked anything yet.
  case prefetch = 7

  /// Name in the views, metrics and reports, in snake case.
  public var label: String {
    switch self {
    case .userAgent: "user_agent"
    case .userRate: "user_rate"
    case .addressRate: "address_rate"
    case .loadTest: "load_test"
    default: "\(self)"
    }
  }
}
