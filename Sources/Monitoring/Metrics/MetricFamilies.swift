/// All families by name, bounded in number, and the counts of the handles and values that were turned away.
struct MetricFamilies: Sendable {
  private(set) var byName: [String: MetricFamily] = [:]
  private let familiesMax: Int
  private let seriesPerFamilyMax: Int
  private let refusedValues: CounterSeries

  private static let refusedSeriesTotal = MetricDescription(
    name: "adloop_metrics_series_refused_total", kind: .counter,
    help:
      "Handles refused a series of their own because of their labels, their kind, or a limit on series or families.",
    labels: ["family"])
  private static let refusedValuesTotal = MetricDescription(
    name: "adloop_metrics_values_refused_total", kind: .counter,
    help: "Values left out of a metric: NaN, infinite, or negative where only a rise makes sense.")

  /// Only the registry's own two families.
  init(familiesMax: Int, seriesPerFamilyMax: Int) {
    self.familiesMax = familiesMax
    self.seriesPerFamilyMax = seriesPerFamilyMax
    var values = MetricFamily(Self.refusedValuesTotal, seriesMax: 1)
    refusedValues =
      values.series(CounterSeries.self, labels: LabelSet([]), refusedValues: nil).series
    insert(values)
    insert(MetricFamily(Self.refusedSeriesTotal, seriesMax: .max))  // One a family, so bounded as families are.
  }

  /// Adds the families described, whatever ``familiesMax`` says; of two with the same name the first counts.
  ///
  /// A counter or histogram that has no labels starts at zero, so that its first rise is seen; a gauge starts with its
  /// first handle, since zero would be a claim.
  mutating func describe(_ descriptions: [MetricDescription]) {
    for description in descriptions {
      insert(MetricFamily(description, seriesMax: seriesPerFamilyMax))
    }
  }

  /// The series of a handle; one that isn't exposed when the name belongs to another kind or there are too many families.
  ///
  /// - Parameter name: normalized for `Series.kind`.
  mutating func series<Series: MetricSeries>(
    _: Series.Type, name: String, unit: MetricDescription.Unit?, dimensions: [(String, String)]
  ) -> Series {
    let key = MetricName.family(of: name)
    if byName[key] == nil, byName.count < familiesMax {
      let labels = dimensions.map(\.0)
      let description = MetricDescription(
        name: name, kind: Series.kind, help: "", unit: unit, labels: labels)
      insert(MetricFamily(description, seriesMax: seriesPerFamilyMax))
    }
    guard let found = seriesIn(Series.self, family: key, dimensions) else {
      countRefusal(family: byName[key] == nil ? MetricFamily.overflowValue : key)
      return Series(bounds: .magnitudes, refusedValues: refusedValues)
    }
    if found.isRefused { countRefusal(family: key) }
    return found.series
  }

  mutating func remove(_ handler: AnyObject) {
    for name in byName.keys { byName[name]?.remove(handler) }
  }

  /// Nil when there is no such family or it is of another kind.
  private mutating func seriesIn<Series: MetricSeries>(
    _: Series.Type, family: String, _ dimensions: [(String, String)]
  ) -> (series: Series, isRefused: Bool)? {
    guard byName[family]?.kind == Series.kind else { return nil }
    return byName[family]?.series(
      Series.self, labels: LabelSet(dimensions), refusedValues: refusedValues)
  }

  private mutating func insert(_ family: MetricFamily) {
    guard byName[family.name] == nil else { return }
    byName[family.name] = family
    guard family.hasNoLabels else { return }
    switch family.kind {
    case .counter: _ = seriesIn(CounterSeries.self, family: family.name, [])
    case .histogram: _ = seriesIn(HistogramSeries.self, family: family.name, [])
    case .gauge: break
    }
  }

  private mutating func countRefusal(family: String) {
    let name = MetricName.family(of: Self.refusedSeriesTotal.name)
    seriesIn(CounterSeries.self, family: name, [("family", family)])?.series.increment(
      by: 1 as Int64)
  }
}
