import Events

/// The open impressions that a candidate learnt, each with the probability predicted before.
struct ProvisionalTail {
  struct Entry {
    let example: Example
    let probability: Double
  }

  /// Latest entries kept for the comparison.
  static let countMax = 1 << 16

  private(set) var entries: [Entry] = []
  private(set) var window: DataWindow?

  mutating func add(_ example: Example, probability: Double) {
    window.add(example: example.id, time: example.time, label: example.label)
    entries.append(Entry(example: example, probability: probability))
    if entries.count >= 2 * Self.countMax { entries.removeFirst(Self.countMax) }
  }
}
