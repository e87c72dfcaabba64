/// How a day's traffic is spread over its 24 hours.
public struct TrafficCurve: Sendable, Equatable {
  /// The same traffic in every hour.
  public static let flat = TrafficCurve(hourly: [])!

  /// Traffic before each hour as a share of the day's, and 1 at the end.
  private let sums: [Double]

  /// - parameter hourly: requests seen in each hour of the day, 24 numbers, or none. Each hour is taken to have at least a
  ///   tenth of the mean, so that no hour is without hope.
  /// - returns: `nil` when there aren't 24 finite numbers of at least 0.
  public init?(hourly: [Double]) {
    guard hourly.isEmpty || hourly.count == 24, hourly.allSatisfy({ $0 >= 0 && $0.isFinite }) else { return nil }
    let mean = hourly.reduce(0, +) / 24
    let shares = mean > 0 ? hourly.map { max($0, mean / 10) } : Array(repeating: 1, count: 24)
    let whole = shares.reduce(0, +)
    var sums = [0.0]
    for share in shares { sums.append(sums.last! + share / whole) }
    sums[24] = 1
    self.sums = sums
  }

  /// The share of the day's traffic that has come when `elapsed`, a share in [0, 1], of the day has passed.
  public func share(elapsed: Double) -> Double {
    let hours = min(max(elapsed, 0), 1) * 24
    let hour = min(Int(hours), 23)
    return sums[hour] + (sums[hour + 1] - sums[hour]) * (hours - Double(hour))
  }
}
