import Features

/// All weights of a model that look at the same fields.
struct WeightPattern: Sendable, Equatable {
  let template: FeatureTemplate
  /// Value numbers, ``width`` of them a weight: those of the context fields, then those of the ad attributes.
  private(set) var keys: [UInt32] = []
  /// Ascending by key.
  private(set) var weights: [Double] = []

  /// Fields of one weight.
  var width: Int { template.context.count + template.ad.count }

  init(template: FeatureTemplate) {
    self.template = template
  }

  /// The value numbers of a weight.
  func key(_ index: Int) -> ArraySlice<UInt32> { keys[index * width..<(index + 1) * width] }

  /// The index of the weight of a combination of values, `nil` when there is none, in O(log weights).
  func index(of key: [UInt32]) -> Int? {
    var low = 0
    var high = weights.count
    while low < high {
      let middle = (low + high) / 2
      if precedes(middle, key) { low = middle + 1 } else { high = middle }
    }
    return low < weights.count && self.key(low).elementsEqual(key) ? low : nil
  }

  /// Whether the key of a weight lies before `key`.
  private func precedes(_ index: Int, _ key: [UInt32]) -> Bool {
    for place in 0..<width where keys[index * width + place] != key[place] {
      return keys[index * width + place] < key[place]
    }
    return false
  }

  /// The largest magnitude of a finite weight; 0 without any.
  var magnitudeMax: Double { weights.lazy.filter(\.isFinite).map(abs).max() ?? 0 }

  mutating func round(to step: Double) {
    for index in weights.indices { weights[index] = weights[index].rounded(to: step) }
  }

  mutating func append(_ weight: Double) { weights.append(weight) }

  mutating func append(valueNumber: UInt32) { keys.append(valueNumber) }

  /// Gives the values their new numbers and sorts by them; returns the index of a weight that appears twice, if any.
  ///
  /// - parameter renumbered: for each place of the key, the new number of each old one.
  mutating func sort(_ renumbered: [[UInt32]]) -> Int? {
    let width = width
    for index in keys.indices { keys[index] = renumbered[index % max(width, 1)][Int(keys[index])] }
    let order = sortedOrder()
    keys = order.flatMap { keys[$0 * width..<($0 + 1) * width] }
    weights = order.map { weights[$0] }
    return weights.indices.dropFirst().first { key($0).elementsEqual(key($0 - 1)) }
  }

  private func sortedOrder() -> [Int] {
    guard width <= 2 else {
      return weights.indices.sorted { key($0).lexicographicallyPrecedes(key($1)) }
    }
    let packed = weights.indices.map { index in
      (key: key(index).reduce(UInt64(0)) { $0 << 32 | UInt64($1) }, index: index)
    }
    return packed.sorted { $0.key < $1.key }.map(\.index)
  }
}
