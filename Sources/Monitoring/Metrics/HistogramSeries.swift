import Metrics

/// Counts in fixed buckets and a sum: two atomic additions an observation.
///
/// The count exposed is the sum of the buckets, so the two always agree; the sum may be an observation ahead or behind.
final class HistogramSeries: MetricSeries, TimerHandler, RecorderHandler {
  static let kind = MetricDescription.Kind.histogram

  private let bounds: BucketBounds
  private let counts: AtomicCounts
  private let sum = AtomicDouble(0)
  private let refusedValues: CounterSeries?

  init(bounds: BucketBounds, refusedValues: CounterSeries?) {
    self.bounds = bounds
    self.refusedValues = refusedValues
    counts = AtomicCounts(count: bounds.bucketCount)
  }

  /// Records a duration as seconds. A negative one, from a clock set back, is refused.
  func recordNanoseconds(_ duration: Int64) {
    guard duration >= 0 else { return refuse() }
    record(Double(duration) / 1e9)
  }

  func record(_ value: Int64) { record(Double(value)) }

  func record(_ value: Double) {
    guard value.isFinite else { return refuse() }
    counts.increment(at: bounds.index(of: value))
    sum.add(value)
  }

  func write(to writer: inout ExpositionWriter, name: String, labels: String) {
    var cumulative: UInt64 = 0
    for (index, count) in counts.loadAll().enumerated() {
      cumulative += count
      let bound = index < bounds.upperBounds.count ? bounds.upperBounds[index] : .infinity
      writer.sample(
        name, suffix: "_bucket", labels: labels, bound: bound, value: String(cumulative))
    }
    writer.sample(name, suffix: "_sum", labels: labels, value: ExpositionWriter.number(sum.load()))
    writer.sample(name, suffix: "_count", labels: labels, value: String(cumulative))
  }

  private func refuse() { refusedValues?.increment(by: 1 as Int64) }
}
