import Locking
import Metrics

/// The metrics of the process, as a swift-metrics backend that Prometheus can scrape.
///
/// Observing through a handle takes no lock: a counter is one atomic addition, a histogram two. Making a handle takes one,
/// so make handles once and keep them. A handle's label may be any text; it is exposed as a legal Prometheus name (dots
/// become underscores, counters end in `_total`, timers are histograms in `_seconds`).
///
/// The registry can't grow without bound: beyond `seriesPerFamilyMax` series of a family, and for labels that its
/// description doesn't allow, handles share one series whose labels are all `_overflow`; beyond ``familiesMax`` families
/// handles aren't exposed. Both are counted in `adloop_metrics_series_refused_total{family}`.
///
///     let registry = PrometheusRegistry(descriptions: [
///       MetricDescription(name: "adloop_events_total", kind: .counter, help: "Events stored.", labels: ["event"])
///     ])
///     let clicks = Counter(label: "adloop_events_total", dimensions: [("event", "click")], factory: registry)
///     clicks.increment()
///     let page = registry.exposition(Exposition.negotiate(accept: header))
public final class PrometheusRegistry: MetricsFactory, Sendable {
  /// The most families; descriptions always get theirs.
  public static let familiesMax = 500

  private let families: Locked<MetricFamilies>
  private let callbacks = Locked<[@Sendable () -> Void]>([])

  /// - Parameters:
  ///   - descriptions: name, meaning, labels and buckets of the application's metrics; of two with one name the first counts.
  ///   - seriesPerFamilyMax: the most label combinations of a family, the overflow series not counted.
  public init(descriptions: [MetricDescription], seriesPerFamilyMax: Int = 200) {
    families = Locked(
      MetricFamilies(familiesMax: Self.familiesMax, seriesPerFamilyMax: seriesPerFamilyMax))
    describe(descriptions)
  }

  /// Calls `callback` at the start of every scrape, on the scraping thread, in the order of registration: the place to set
  /// gauges whose values are kept elsewhere. Two scrapes at once call it at once.
  ///
  /// The registry keeps the callback, and a swift-metrics handle keeps its registry: one that captures handles makes both live
  /// as long as the process.
  public func onCollect(_ callback: @escaping @Sendable () -> Void) {
    callbacks.withLock { $0.append(callback) }
  }

  /// The whole page, families by ascending name and series by ascending labels. O(series), never waits for observers.
  public func exposition(_ format: Exposition.Format) -> [UInt8] {
    for callback in callbacks.withLock({ $0 }) { callback() }
    var writer = ExpositionWriter(format: format)
    for (_, family) in families.withLock({ $0.byName }).sorted(by: { $0.key < $1.key }) {
      writer.write(family)
    }
    writer.end()
    return writer.bytes
  }

  func describe(_ descriptions: [MetricDescription]) {
    families.withLock { $0.describe(descriptions) }
  }

  /// The series of a handle, made when it is new.
  func series<Series: MetricSeries>(
    _: Series.Type, name: String, unit: MetricDescription.Unit? = nil,
    dimensions: [(String, String)]
  ) -> Series {
    families.withLock { $0.series(Series.self, name: name, unit: unit, dimensions: dimensions) }
  }

  func remove(_ handler: AnyObject) { families.withLock { $0.remove(handler) } }
}
