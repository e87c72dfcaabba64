import Metrics

/// Handles with equal labels share a series. Destroying one of them ends that series and frees its place in the family.
extension PrometheusRegistry {
  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    counter(label, dimensions)
  }

  public func makeFloatingPointCounter(label: String, dimensions: [(String, String)])
    -> any FloatingPointCounterHandler
  {
    counter(label, dimensions)
  }

  public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    gauge(label, dimensions)
  }

  /// A histogram when `aggregate`, else a gauge.
  public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool)
    -> any RecorderHandler
  {
    guard aggregate else { return gauge(label, dimensions) }
    let name = MetricName.normalized(label, kind: .histogram)
    return series(
      HistogramSeries.self, name: name, unit: name.hasSuffix("_seconds") ? .seconds : nil,
      dimensions: dimensions)
  }

  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    let name = MetricName.normalizedTimer(label)
    return series(HistogramSeries.self, name: name, unit: .seconds, dimensions: dimensions)
  }

  public func destroyCounter(_ handler: any CounterHandler) { remove(handler) }

  public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {
    remove(handler)
  }

  public func destroyMeter(_ handler: any MeterHandler) { remove(handler) }

  public func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }

  public func destroyTimer(_ handler: any TimerHandler) { remove(handler) }

  func counter(_ label: String, _ dimensions: [(String, String)]) -> CounterSeries {
    series(
      CounterSeries.self, name: MetricName.normalized(label, kind: .counter), dimensions: dimensions
    )
  }

  func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeSeries {
    series(
      GaugeSeries.self, name: MetricName.normalized(label, kind: .gauge), dimensions: dimensions)
  }
}
