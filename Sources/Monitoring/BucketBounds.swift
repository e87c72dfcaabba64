/// Ascending, finite, distinct upper bounds of buckets; the last bucket has no bound and takes the rest.
struct BucketBounds: Equatable, Sendable {
  /// The most bounds kept; a histogram costs one time series a bound.
  static let countMax = 64

  let upperBounds: [Double]

  /// Sorts `bounds` and drops what isn't finite, what repeats, and what exceeds ``countMax``.
  init(_ bounds: [Double]) {
    let distinct = Set(bounds.filter(\.isFinite)).sorted()
    upperBounds = Array(distinct.prefix(Self.countMax))
  }

  var bucketCount: Int { upperBounds.count + 1 }

  /// The bucket of `value`: the first whose bound is not below it. O(log bounds). NaN has no bucket and lands in the last.
  func index(of value: Double) -> Int {
    var low = 0
    var high = upperBounds.count
    while low < high {
      let middle = (low + high) / 2
      if value <= upperBounds[middle] { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// 10 µs to 1 s in steps of 1, 2.5, 5: tight around a decision (0.1 ms) and a durable append (1 ms).
  static let latencySeconds = BucketBounds([
    0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
    0.1, 0.25, 0.5, 1,
  ])

  /// 1 to a million, a bucket a power of ten: for sizes and numbers of things whose range nobody described.
  static let magnitudes = BucketBounds([1, 10, 100, 1_000, 10_000, 100_000, 1_000_000])
}
