import Foundation

extension HistogramDistribution {
  /// Counts at one moment.
  public struct Snapshot: DistributionSnapshot, Codable, Equatable, Sendable {
    public let edges: [Double]
    /// One a bin: one more than edges.
    public let counts: [UInt64]
    /// Observations that were NaN.
    public let missing: UInt64

    public init(edges: [Double], counts: [UInt64], missing: UInt64 = 0) {
      self.edges = edges
      self.counts = counts
      self.missing = missing
    }

    public var total: UInt64 { counts.reduce(missing, &+) }

    /// What was counted between `earlier`, a snapshot of the same distribution, and this one; all of this one when `earlier`
    /// has other bins.
    public func since(_ earlier: Snapshot) -> Snapshot {
      guard hasSameBins(as: earlier) else { return self }
      return Snapshot(
        edges: edges, counts: zip(counts, earlier.counts).map { $0.minus($1) },
        missing: missing.minus(earlier.missing))
    }

    /// All bins, and one for missing values when either side has any; nil when the edges differ.
    public func matched(with reference: Snapshot) -> [MatchedBin]? {
      guard hasSameBins(as: reference) else { return nil }
      let bins = counts.indices.map {
        MatchedBin(name: name(ofBin: $0), reference: Double(reference.counts[$0]), current: Double(counts[$0]))
      }
      guard missing > 0 || reference.missing > 0 else { return bins }
      return bins + [MatchedBin(name: "(none)", reference: Double(reference.missing), current: Double(missing))]
    }

    private func name(ofBin bin: Int) -> String {
      func text(_ edge: Double) -> String { String(format: "%.3g", edge) }
      if edges.isEmpty { return "all" }
      if bin == 0 { return "to \(text(edges[0]))" }
      return bin < edges.count ? "\(text(edges[bin - 1])) to \(text(edges[bin]))" : "over \(text(edges[bin - 1]))"
    }

    private func hasSameBins(as other: Snapshot) -> Bool {
      edges == other.edges && counts.count == other.counts.count
    }
  }
}
