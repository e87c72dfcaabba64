import Foundation

/// A dimension value inside which predictions stopped following their usual pattern and became nearly equal.
struct FlatPredictions {
  private static let cellCountMin = 6
  private static let usualSpreadMin = 0.1
  private static let spreadLeftMax = 0.7
  private static let evidenceMin = 20.0

  let place: CausePlace
  /// How much better, in nats, one level for all cells fits than the usual pattern.
  let evidence: Double

  /// The dimension value where this shows most clearly, if any.
  static func find(_ forecast: SignalForecast, _ cells: RevenueCells) -> Self? {
    var found: Self?
    for dimension in cells.dimensions.indices {
      for code in cells.values[dimension].indices {
        let place = CausePlace(dimension: dimension, code: code)
        guard let evidence = evidence(forecast, cells.members(place)) else { continue }
        if evidence > found?.evidence ?? 0 { found = Self(place: place, evidence: evidence) }
      }
    }
    return found
  }

  private static func evidence(_ forecast: SignalForecast, _ members: [Int]) -> Double? {
    let known = members.filter { forecast.observed[$0] > 0 && forecast.expected[$0] > 0 }
    guard known.count >= cellCountMin else { return nil }
    let weights = known.map { forecast.expected[$0] * forecast.weights[$0] }
    let impressions = known.map { forecast.expected[$0] / forecast.rates[$0] }
    let usual = known.map { log(forecast.rates[$0]) }
    let seen = zip(known, impressions).map { log(forecast.observed[$0] / $1) }
    let (was, left) = (scatter(usual, weights), scatter(seen, weights))
    let missed = scatter(zip(seen, usual).map { $0 - $1 }, weights)
    let weight = weights.reduce(0, +)
    guard weight > 0, (was / weight).squareRoot() >= usualSpreadMin else { return nil }
    guard left < spreadLeftMax * spreadLeftMax * was, (missed - left) / 2 >= evidenceMin else { return nil }
    return (missed - left) / 2
  }

  /// The weighted sum of squares about the weighted mean.
  private static func scatter(_ values: [Double], _ weights: [Double]) -> Double {
    let mean = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / max(weights.reduce(0, +), .leastNormalMagnitude)
    return zip(values, weights).reduce(0) { $0 + $1.1 * ($1.0 - mean) * ($1.0 - mean) }
  }
}
