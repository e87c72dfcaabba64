/// Which elements of a dimension explain why a measure missed its forecast. Source: Bhagwan et al., NSDI 2014.
public enum Adtributor {
  /// Explanatory power and surprise of the elements of one dimension, for a measure that adds up.
  public struct Elements: Sendable, Equatable {
    /// Share of the total change that each element makes up; may be negative or above 1. `nil` without a total change.
    public let explanatoryPower: [Double]?
    /// How much each element's share of the measure has moved, in bits.
    public let surprise: [Double]
    public let totalSurprise: Double
  }

  /// The same for a ratio of two measures.
  public struct RatioElements: Sendable, Equatable {
    /// `nil` when the changes add up to nothing.
    public let explanatoryPower: [Double]?
    /// The ratio with only this element moved, minus the forecast ratio.
    public let raw: [Double]
    public let surprise: [Double]
  }

  /// `nil` for no elements, unequal lengths, negative values and a forecast or actual total of 0.
  public static func elements(forecast: [Double], actual: [Double]) -> Elements? {
    guard let totals = Totals(forecast, actual) else { return nil }
    let change = totals.actual - totals.forecast
    let surprise = totals.surprises(forecast, actual)
    return Elements(
      explanatoryPower: change == 0 ? nil : zip(forecast, actual).map { ($1 - $0) / change }, surprise: surprise,
      totalSurprise: NeumaierSum(surprise).value)
  }

  /// `nil` where a side of the ratio is undefined as in ``elements(forecast:actual:)``, or a denominator becomes 0 when one
  /// element moves.
  public static func ratioElements(
    forecastNumerators f1: [Double], actualNumerators a1: [Double], forecastDenominators f2: [Double],
    actualDenominators a2: [Double]
  ) -> RatioElements? {
    guard f1.count == f2.count, let totals1 = Totals(f1, a1), let totals2 = Totals(f2, a2) else { return nil }
    var raw: [Double] = []
    for j in f1.indices {
      let moved = totals2.forecast + a2[j] - f2[j]
      guard moved != 0 else { return nil }
      let numerator = (a1[j] - f1[j]) * totals2.forecast - (a2[j] - f2[j]) * totals1.forecast
      raw.append(numerator / totals2.forecast / moved)
    }
    let total = NeumaierSum(raw).value
    return RatioElements(
      explanatoryPower: total.magnitude < 1e-15 ? nil : raw.map { $0 / total }, raw: raw,
      surprise: zip(totals1.surprises(f1, a1), totals2.surprises(f2, a2)).map(+))
  }

  private struct Totals {
    let forecast: Double
    let actual: Double

    init?(_ forecast: [Double], _ actual: [Double]) {
      guard forecast.count == actual.count, forecast.allCounts, actual.allCounts else { return nil }
      self.forecast = NeumaierSum(forecast).value
      self.actual = NeumaierSum(actual).value
      guard self.forecast > 0, self.actual > 0, self.forecast.isFinite, self.actual.isFinite else { return nil }
    }

    func surprises(_ forecast: [Double], _ actual: [Double]) -> [Double] {
      zip(forecast, actual).map { Drift.surprise($0 / self.forecast, $1 / self.actual) }
    }
  }
}
