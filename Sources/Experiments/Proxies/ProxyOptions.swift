import Events

/// How proxies are compared with the business metric.
public struct ProxyOptions: Sendable {
  /// Length of one observation.
  public var bucket = Bucket.hour
  /// Context field whose values are compared with each other; `nil` compares none.
  public var segmentField: String?
  public var confidence = 0.95
  /// Draws of the bootstrap, and its seed: equal seeds give equal intervals.
  public var replicateCount = 1000
  public var seed: UInt64 = 1
  /// Newest days of the store that are looked at.
  public var dayCountMax = 90
  public var until = Milliseconds.max

  public enum Bucket: String, Codable, Sendable, CaseIterable {
    case hour, day

    var length: Milliseconds { self == .hour ? .hour : .day }
    /// Buckets of one season: a day of hours, a week of days.
    var seasonCount: Int { self == .hour ? 24 : 7 }
  }

  public init() {}

  /// Hours, days and segments with fewer impressions are left out.
  public static let impressionCountMin = 50.0
  /// Fewer observations say nothing about a correlation.
  public static let observationCountMin = 12
  /// Values of the segment's field that are told apart; others are summed.
  public static let segmentCountMax = 100

  func validate() throws(ExperimentError) {
    guard confidence > 0, confidence < 1 else { throw ExperimentError("the confidence must lie between 0 and 1") }
    guard (50...100_000).contains(replicateCount) else { throw ExperimentError("the replicates must be 50 to 100000") }
    guard (1...3650).contains(dayCountMax) else { throw ExperimentError("the days must be 1 to 3650") }
  }
}
