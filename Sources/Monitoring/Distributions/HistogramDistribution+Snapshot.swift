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
    public func matched(with reference: Snapshot) -> (reference: [Double], current: [Double])? {
      guard hasSameBins(as: reference) else { return nil }
      let anyMissing = missing > 0 || reference.missing > 0
      let bins = { (snapshot: Snapshot) in
        (snapshot.counts + (anyMissing ? [snapshot.missing] : [])).map { Double($0) }
      }
      return (bins(reference), bins(self))
    }

    private func hasSameBins(as other: Snapshot) -> Bool {
      edges == other.edges && counts.count == other.counts.count
    }
  }
}
