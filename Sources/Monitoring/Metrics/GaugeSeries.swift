import Metrics

/// A value that goes up and down. NaN and infinities may be set (a ratio without data is NaN) but not added.
final class GaugeSeries: MetricSeries, MeterHandler, RecorderHandler {
  static let kind = MetricDescription.Kind.gauge

  private let value = AtomicDouble(0)
  private let refusedValues: CounterSeries?

  init(bounds: BucketBounds, refusedValues: CounterSeries?) { self.refusedValues = refusedValues }

  func set(_ value: Int64) { self.value.store(Double(value)) }

  func set(_ value: Double) { self.value.store(value) }

  func record(_ value: Int64) { set(value) }

  func record(_ value: Double) { set(value) }

  func increment(by amount: Double) {
    guard amount.isFinite else { return refusedValues?.increment(by: 1 as Int64) ?? () }
    value.add(amount)
  }

  func decrement(by amount: Double) { increment(by: -amount) }

  func write(to writer: inout ExpositionWriter, name: String, labels: String) {
    writer.sample(name, labels: labels, value: ExpositionWriter.number(value.load()))
  }
}
