/// The time series of one name, of one kind, bounded in number.
struct MetricFamily: Sendable {
  /// The value that every label of the overflow series has.
  static let overflowValue = "_overflow"

  /// The name without `_total`, as OpenMetrics calls a family.
  let name: String
  let kind: MetricDescription.Kind
  let help: String
  let unit: MetricDescription.Unit?
  private let bounds: BucketBounds
  private let labelNames: Set<String>
  private let overflowLabels: String
  private let seriesMax: Int

  /// By labels as written.
  private(set) var series: [String: any MetricSeries] = [:]

  /// A family whose series may have the labels in `description` and no others.
  init(_ description: MetricDescription, seriesMax: Int) {
    name = MetricName.family(of: MetricName.normalized(description.name, kind: description.kind))
    kind = description.kind
    help =
      description.help.isEmpty
      ? "No description is registered for this \(kind.rawValue)." : description.help
    unit = description.unit
    bounds =
      description.buckets.map(BucketBounds.init)
      ?? (description.unit == .seconds ? .latencySeconds : .magnitudes)
    labelNames = Set(description.labels.filter(LabelSet.isUsable))
    overflowLabels = LabelSet(labelNames.map { ($0, Self.overflowValue) })?.text ?? ""
    self.seriesMax = max(1, seriesMax)
  }

  var hasNoLabels: Bool { labelNames.isEmpty }

  /// The series with these labels, made when it is new, and whether it had to be the overflow series instead: because the
  /// labels are unusable (nil) or not this family's, or because the family is full.
  ///
  /// - Precondition: `Series.kind` is the family's kind.
  mutating func series<Series: MetricSeries>(
    _: Series.Type, labels: LabelSet?, refusedValues: CounterSeries?
  ) -> (series: Series, isRefused: Bool) {
    let wanted = labels.flatMap { $0.names.isSubset(of: labelNames) ? $0.text : nil }
    if let wanted, let known = series[wanted] as? Series { return (known, false) }
    let ordinaryCount = series.count - (series[overflowLabels] == nil ? 0 : 1)
    let isRefused = wanted == nil || ordinaryCount >= seriesMax
    let key = isRefused ? overflowLabels : wanted ?? overflowLabels
    if let known = series[key] as? Series { return (known, isRefused) }
    let made = Series(bounds: bounds, refusedValues: refusedValues)
    series[key] = made
    return (made, isRefused)
  }

  /// Forgets a series, except the overflow series, which others still count into.
  mutating func remove(_ handler: AnyObject) {
    guard let key = series.first(where: { $0.value === handler })?.key, key != overflowLabels else {
      return
    }
    series[key] = nil
  }
}
