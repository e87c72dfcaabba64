/// One time series: what a caller's handle adds to, and what a scrape reads. Observing takes no lock.
protocol MetricSeries: AnyObject, Sendable {
  static var kind: MetricDescription.Kind { get }

  /// - Parameters:
  ///   - bounds: the buckets, for a histogram.
  ///   - refusedValues: counts the values that this series can't take, such as NaN.
  init(bounds: BucketBounds, refusedValues: CounterSeries?)

  /// Writes the samples of the series, whose family is `name` and whose labels are `labels`.
  func write(to writer: inout ExpositionWriter, name: String, labels: String)
}
