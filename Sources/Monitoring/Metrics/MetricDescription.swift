/// What a metric family is called, what it means, and which labels it may carry.
///
/// The application gives one table of these to ``PrometheusRegistry``; ``problems`` lints an entry.
public struct MetricDescription: Equatable, Sendable {
  public enum Kind: String, Sendable {
    case counter, gauge, histogram
  }

  /// Base units; OpenMetrics prints them in a UNIT line, and the metric's name must end with them.
  public enum Unit: String, Sendable {
    case seconds, bytes, ratio
  }

  /// As exposed: snake case, counters ending in `_total`, the unit before that: `adloop_rank_duration_seconds`.
  public let name: String
  public let kind: Kind
  /// One sentence for the person on call.
  public let help: String
  public let unit: Unit?
  /// Upper bounds of a histogram's buckets, in the metric's unit; nil takes the default: for seconds 10 µs to 1 s in
  /// steps of 1, 2.5, 5, else 1 to a million in powers of ten.
  public let buckets: [Double]?
  /// Label names a series may have. A handle with any other label counts into the overflow series.
  public let labels: [String]

  public init(
    name: String, kind: Kind, help: String, unit: Unit? = nil, buckets: [Double]? = nil,
    labels: [String] = []
  ) {
    self.name = name
    self.kind = kind
    self.help = help
    self.unit = unit
    self.buckets = buckets
    self.labels = labels
  }
}
