/// A metric with the cap that holds in one analysis.
struct CappedMetric: Sendable {
  let definition: MetricDefinition
  /// No unit adds more to the numerator.
  let cap: Double

  var name: String { definition.name }

  /// A sum of each unit, whether it came or not.
  var isPerUnit: Bool { definition.denominator.factors.keys.elementsEqual([.users]) }

  func numerator(_ sums: MetricSums) -> Double { min(definition.numerator(sums), cap) }

  func denominator(_ sums: MetricSums) -> Double { definition.denominator(sums) }
}

extension CappedMetric {
  /// One cap for all arms: the quantile of what the units brought that brought any, of metrics that are money; `nil` cuts
  /// nothing.
  init(_ definition: MetricDefinition, quantile: Double?, in sample: ExperimentUnits) {
    self.definition = definition
    guard let quantile, definition.isMoney else {
      cap = .infinity
      return
    }
    let values = sample.arms.indices.filter { sample.arms[$0] >= 0 }
      .map { definition.numerator(sample.totals[$0]) }.filter { $0 > 0 }.sorted()
    cap =
      values.isEmpty ? .infinity : values[min(values.count, Int((quantile * Double(values.count)).rounded(.up))) - 1]
  }
}
