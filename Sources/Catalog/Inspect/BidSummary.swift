/// How bids are distributed, in currency units a click.
public struct BidSummary: Codable, Sendable, Equatable {
  public let quantiles: [Quantile]
  /// Bins whose bounds double from one to the next, without empty ones at either end.
  public let histogram: [Bin]

  /// The smallest bid that at least a `probability` of the ads don't exceed.
  public struct Quantile: Codable, Sendable, Equatable {
    public let probability: Double
    public let bid: Double
  }

  /// Ads with a bid from `lower`, inclusive, to `upper`, exclusive; the highest bin ends at the greatest number.
  public struct Bin: Codable, Sendable, Equatable {
    public let lower: Double
    public let upper: Double
    public let adCount: Int
  }

  static let probabilities = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1]
  /// Bids below go into the first bin, which begins at 0.
  static let lowestBound = 0.01
  static let binCount = 24

  init(_ bids: UnsafeBufferPointer<Double>) {
    let sorted = bids.sorted()
    quantiles =
      sorted.isEmpty
      ? []
      : Self.probabilities.map { probability in
        let rank = Int((probability * Double(sorted.count)).rounded(.up))
        return Quantile(probability: probability, bid: sorted[max(rank, 1) - 1])
      }
    var bounds = [0, Self.lowestBound]
    while bounds.count < Self.binCount { bounds.append(2 * bounds[bounds.count - 1]) }
    bounds.append(.greatestFiniteMagnitude)
    var counts = [Int](repeating: 0, count: Self.binCount)
    for bid in bids { counts[(bounds.dropLast().lastIndex { $0 <= bid } ?? 0)] += 1 }
    guard let first = counts.firstIndex(where: { $0 > 0 }), let last = counts.lastIndex(where: { $0 > 0 }) else {
      histogram = []
      return
    }
    histogram = (first...last).map { Bin(lower: bounds[$0], upper: bounds[$0 + 1], adCount: counts[$0]) }
  }
}
