/// Numbers combinations of value numbers, 0, 1, 2 … in the order in which they come.
struct KeyIndex: Sendable {
  /// For each place of the key: from the number of the part before it and the value there to the number of both.
  private var steps: [[UInt64: UInt32]]
  /// Distinct combinations.
  private(set) var count = 0

  /// - parameter width: values of one combination.
  init(width: Int) {
    steps = Array(repeating: [:], count: width)
  }

  /// The number of a combination, a new one for a new combination.
  mutating func intern(_ key: some Sequence<UInt32>) -> Int {
    var state: UInt32 = 0
    for (place, value) in key.enumerated() {
      let step = UInt64(state) << 32 | UInt64(value)
      let next = steps[place][step] ?? UInt32(steps[place].count)
      steps[place][step] = next
      state = next
    }
    count = max(count, Int(state) + 1)
    return Int(state)
  }

  /// The number of a combination, `nil` when a value is missing or the combination is unknown.
  func number(_ value: (_ place: Int) -> UInt32?) -> Int? {
    var state: UInt32 = 0
    for place in steps.indices {
      guard let value = value(place), let next = steps[place][UInt64(state) << 32 | UInt64(value)] else { return nil }
      state = next
    }
    return count == 0 ? nil : Int(state)
  }
}
