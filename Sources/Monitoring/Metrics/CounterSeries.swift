import Metrics
import Synchronization

/// A sum that only grows, of whole and of fractional increments; each is one atomic addition.
final class CounterSeries: MetricSeries, CounterHandler, FloatingPointCounterHandler {
  static let kind = MetricDescription.Kind.counter

  private let whole = Atomic<UInt64>(0)
  private let fractional = AtomicDouble(0)
  private let refusedValues: CounterSeries?

  init(bounds: BucketBounds, refusedValues: CounterSeries?) { self.refusedValues = refusedValues }

  func increment(by amount: Int64) {
    guard amount >= 0 else { return refuse() }
    whole.wrappingAdd(UInt64(amount), ordering: .relaxed)
  }

  func increment(by amount: Double) {
    guard amount >= 0, amount.isFinite else { return refuse() }
    fractional.add(amount)
  }

  func reset() {
    whole.store(0, ordering: .relaxed)
    fractional.store(0)
  }

  /// Sets the whole sum, for a total that is kept elsewhere, such as the CPU time of the process.
  func store(total: Double) { fractional.store(total) }

  func write(to writer: inout ExpositionWriter, name: String, labels: String) {
    let fraction = fractional.load()
    let count = whole.load(ordering: .relaxed)
    let value = fraction == 0 ? String(count) : ExpositionWriter.number(Double(count) + fraction)
    writer.sample(name, suffix: "_total", labels: labels, value: value)
  }

  private func refuse() { refusedValues?.increment(by: 1 as Int64) }
}
