import Events

/// How proxies are compared with the business metric.
public struct ProxyOptions: Sendable {
  /// Length of one observation; `nil` takes days, or hours when the store has fewer than ``dayCountMin`` of them.
  public var bucket: Bucket?
  /// Context field whose values are compared with each other; `nil` compares none.
  public var segmentField: String?
  public var confidence = 0.95
  /// Draws of the bootstrap, and its seed: equal seeds give equal intervals.
  public var replicateCount = 1000
  public var seed: UInt64 = 1
  /// Newest days of the store that are looked at, past experiments included.
  public var dayCountMax = 365
  /// The change whose detection tells how sensitive metrics are, as a share.
  public var relativeEffect = 0.01
  public var until = Milliseconds.max

  public enum Bucket: String, Codable, Sendable, CaseIterable {
    case hour, day

    /// Buckets of one season: a day of hours, a week of days.
    var seasonCount: Int { self == .hour ? 24 : 7 }
  }

  public init() {}

  /// Hours, days and segments with fewer impressions are left out.
  public static let impressionCountMin = 50.0
  /// Fewer observations say nothing about a correlation.
  public static let observationCountMin = 12
  /// Fewer comparisons of past experiments say nothing about what effects have to do with each other.
  public static let comparisonCountMin = 5
  /// Fewer days are looked at by the hour.
  public static let dayCountMin = 21

  func validate() throws(ExperimentError) {
    guard confidence > 0, confidence < 1 else { throw ExperimentError("the confidence must lie between 0 and 1") }
    guard (50...100_000).contains(replicateCount) else { throw ExperimentError("the replicates must be 50 to 100000") }
    guard (1...3650).contains(dayCountMax) else { throw ExperimentError("the days must be 1 to 3650") }
    guard relativeEffect > 0, relativeEffect.isFinite else {
      throw ExperimentError("the effect must be above 0, as a share: 0.01 is one percent")
    }
  }
}
