import Synchronization

/// How often a number fell into each of a fixed set of bins, counted in the serving process without a lock.
public final class HistogramDistribution: Sendable {
  private let bounds: BucketBounds
  private let counts: AtomicCounts
  private let missing = Atomic<UInt64>(0)

  /// - Parameter edges: where bins meet, finite, ascending, distinct; at most 64. `n` edges make `n + 1` bins, the first and
  ///   the last without end; an edge belongs to the bin below it. Other edges are sorted and dropped to fit.
  public init(edges: [Double]) {
    bounds = BucketBounds(edges)
    counts = AtomicCounts(count: bounds.bucketCount)
  }

  /// The edges in use.
  public var edges: [Double] { bounds.upperBounds }

  /// Counts `value` once: one atomic addition after O(log edges); safe from any thread. NaN counts as missing.
  public func observe(_ value: Double) {
    if value.isNaN {
      missing.wrappingAdd(1, ordering: .relaxed)
    } else {
      counts.increment(at: bounds.index(of: value))
    }
  }

  /// The counts so far. Values observed meanwhile may or may not be in it; none is lost to the next.
  public func snapshot() -> Snapshot {
    Snapshot(edges: edges, counts: counts.loadAll(), missing: missing.load(ordering: .relaxed))
  }
}
