import Catalog
import Features

/// All crosses of the context with the same ad attributes: for a request, one number for each of their values.
///
/// Values get codes: 0 for those that no cross mentions, then one for each that some cross mentions and some ad of the
/// snapshot has (the used ones), then those that only ads added later may have. The scan looks codes up by byte; when there
/// are too many of them, neighbours in mean weight share a bucket, whose number is an upper bound, and what passes the scan
/// is looked up by code.
final class CrossColumn: Sendable {
  /// Buckets of one column; one more byte value stands for a group of ads with different buckets.
  static let bucketCountMax = 255

  /// Indices of the ad attributes.
  let adFields: [Int]
  /// One for each pattern.
  let terms: [CrossTerm]
  let bucketCount: Int
  /// Buckets of used codes; those above are for ads added later.
  let usedBucketCount: Int
  let bucketOfCode: [UInt8]
  /// Whether buckets stand for several codes.
  let isShared: Bool
  /// Combinations of attribute values, and the code of each.
  let keys: KeyIndex
  let codeOfKey: [UInt32]

  init(
    adFields: [Int], terms: [CrossTerm], bucketCount: Int, usedBucketCount: Int, bucketOfCode: [UInt8], isShared: Bool,
    keys: KeyIndex, codeOfKey: [UInt32]
  ) {
    self.adFields = adFields
    self.terms = terms
    self.bucketCount = bucketCount
    self.usedBucketCount = usedBucketCount
    self.bucketOfCode = bucketOfCode
    self.isShared = isShared
    self.keys = keys
    self.codeOfKey = codeOfKey
  }

  /// Whether a bucket has one code only, and so is the code.
  var isExact: Bool { !isShared }

  /// The code of an ad with the given value numbers.
  func code(_ numbers: [UInt32?]) -> UInt32 {
    keys.number { numbers[adFields[$0]] }.map { codeOfKey[$0] } ?? 0
  }
}

extension CrossColumn {
  /// How much the column's codes move a score: the mean range of its lists.
  var impact: Double {
    terms.reduce(0) { sum, term in
      let listCount = term.lists.count
      let ranges = (0..<listCount).map { list in
        let weights = term.codes.weights[term.codes.range(list)].filter { $0 > -.infinity }
        return max(weights.max() ?? 0, 0) - min(weights.min() ?? 0, 0)
      }
      return sum + ranges.reduce(0, +) / Double(max(listCount, 1))
    }
  }
}

/// The weights of one pattern, by request: for each combination of context values a list over the column's codes.
final class CrossTerm: Sendable {
  let contextFields: [Int]
  let lists: KeyIndex
  /// The weights of a list, ascending by code.
  let codes: WeightLists<UInt32>
  /// Where buckets are shared: the largest weight of each bucket that has any, a missing one counting 0.
  let buckets: WeightLists<UInt8>

  init(contextFields: [Int], lists: KeyIndex, codes: WeightLists<UInt32>, buckets: WeightLists<UInt8>) {
    self.contextFields = contextFields
    self.lists = lists
    self.codes = codes
    self.buckets = buckets
  }

  /// The weight of a code in a list, 0 when there is none.
  func weight(list: Int, code: UInt32) -> Double {
    let range = codes.range(list)
    var low = range.lowerBound
    var high = range.upperBound
    while low < high {
      let middle = (low + high) / 2
      if codes.places[middle] < code { low = middle + 1 } else { high = middle }
    }
    return low < range.upperBound && codes.places[low] == code ? codes.weights[low] : 0
  }
}

/// Lists of places and weights, one after the other.
struct WeightLists<Place: Sendable>: Sendable {
  private var starts = [0]
  private(set) var places: [Place] = []
  private(set) var weights: [Double] = []

  /// Where a list lies in ``places`` and ``weights``.
  func range(_ list: Int) -> Range<Int> { starts[list]..<starts[list + 1] }

  mutating func append(_ place: Place, _ weight: Double) {
    places.append(place)
    weights.append(weight)
  }

  /// Ends the list that was appended to.
  mutating func endList() { starts.append(places.count) }
}
