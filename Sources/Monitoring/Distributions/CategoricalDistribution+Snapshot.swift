extension CategoricalDistribution {
  /// Counts at one moment.
  public struct Snapshot: DistributionSnapshot, Codable, Equatable, Sendable {
    public let counts: [String: UInt64]
    /// Observations of values that had no place of their own.
    public let other: UInt64

    public init(counts: [String: UInt64], other: UInt64 = 0) {
      self.counts = counts
      self.other = other
    }

    public var total: UInt64 { counts.values.reduce(other, &+) }

    /// What was counted between `earlier`, a snapshot of the same distribution, and this one.
    public func since(_ earlier: Snapshot) -> Snapshot {
      let differences = counts.map { value, count in
        (value, count.minus(earlier.counts[value] ?? 0))
      }
      return Snapshot(
        counts: Dictionary(uniqueKeysWithValues: differences), other: other.minus(earlier.other))
    }

    /// A bin for each value that occurred, ascending, and one for the rest. A value that one side may have counted as
    /// other is in the rest on both sides, so a difference in what was kept doesn't look like drift.
    public func matched(with reference: Snapshot) -> [MatchedBin]? {
      let values = Set(counts.keys).union(reference.counts.keys).sorted()
      let common = values.filter { distinguishes($0) && reference.distinguishes($0) }
      let bins = zip(reference.bins(of: common), bins(of: common))
      return zip(common + ["(other)"], bins).compactMap { name, bin in
        bin.0 > 0 || bin.1 > 0 ? MatchedBin(name: name, reference: bin.0, current: bin.1) : nil
      }
    }

    private func distinguishes(_ value: String) -> Bool { other == 0 || counts[value] != nil }

    private func bins(of values: [String]) -> [Double] {
      let named = values.map { counts[$0] ?? 0 }
      return (named + [total.minus(named.reduce(0, &+))]).map { Double($0) }
    }
  }
}

extension UInt64 {
  /// The difference, 0 where it would be negative.
  func minus(_ smaller: UInt64) -> UInt64 { self > smaller ? self - smaller : 0 }
}
