import Events

/// How an experiment is read. Fix these before looking at results.
public struct ReportOptions: Sendable {
  /// Confidence of all intervals, above 0 and below 1; alpha is 1 minus it.
  public var confidence = 0.95
  /// Units of both arms together at which the always-valid interval is tightest.
  public var tuningUnitCount = 10_000.0
  /// Money of one unit is cut off at this quantile of the units that brought any, pooled over all arms; `nil` cuts nothing.
  /// Effects by day aren't cut.
  public var capQuantile: Double?
  /// Days before the start that CUPED looks at; 0 for none.
  public var pastDayCount = 28
  /// Share of false ones that is accepted among the differences called significant (Benjamini–Hochberg).
  public var falseDiscoveryRate = 0.05
  /// Context field by whose value at a user's first impression users are told apart; reads every impression once more.
  public var segmentField: String?
  /// Impressions from this time on don't count.
  public var until = Milliseconds.max

  public init() {}

  /// Below this p-value the units' proportions aren't those planned (Fabijan et al. 2019).
  public static let sampleRatioAlpha = 0.001
  /// Fewer units in an arm are too few for normal intervals.
  public static let unitCountMin = 100
  /// With fewer units that have a click (or money) in an arm, normal intervals are too narrow.
  public static let activeUnitCountMin = 20

  func validate() throws(ExperimentError) {
    guard confidence > 0, confidence < 1 else { throw ExperimentError("the confidence must lie between 0 and 1") }
    guard tuningUnitCount >= 1, tuningUnitCount.isFinite else {
      throw ExperimentError("the tuning size must be 1 or more")
    }
    guard (0...3650).contains(pastDayCount) else { throw ExperimentError("the past must be 0 to 3650 days") }
    guard (0...1).contains(falseDiscoveryRate) else {
      throw ExperimentError("the false discovery rate must lie in [0, 1]")
    }
    if let capQuantile, !(capQuantile > 0 && capQuantile <= 1) {
      throw ExperimentError("the cap's quantile must lie in (0, 1], e.g. 0.999")
    }
  }
}
