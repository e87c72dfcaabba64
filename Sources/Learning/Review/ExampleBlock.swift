import Events

/// Sums over the examples of a stretch of time, by which one stretch is compared with others.
struct ExampleBlock: Sendable, Equatable {
  /// Time of the first and of the last example.
  private(set) var start: Milliseconds
  private(set) var end: Milliseconds
  /// Ids of the first and the last closed example, 0 without one.
  private(set) var firstExample: Int64 = 0
  private(set) var lastExample: Int64 = 0
  private(set) var count = 0
  private(set) var clicks = 0.0
  /// Clicks that the model in use expects.
  private(set) var expected = 0.0
  private var squares = 0.0
  private var clicked = 0.0
  /// For each field of the schema, the number of examples by value.
  private(set) var values: [[UInt32: Int]]

  init(time: Milliseconds, fieldCount: Int) {
    (start, end) = (time, time)
    values = Array(repeating: [:], count: fieldCount)
  }

  /// - parameter id: of a closed example, 0 of an open impression.
  mutating func add(id: Int64, time: Milliseconds, label: Bool, prediction: Double, codes: [UInt32]) {
    cover(start: time, end: time, first: id, last: id)
    count += 1
    expected += prediction
    squares += prediction * prediction
    if label {
      clicks += 1
      clicked += prediction
    }
    for (field, code) in codes.enumerated() { values[field][code, default: 0] += 1 }
  }

  mutating func merge(_ other: Self) {
    cover(start: other.start, end: other.end, first: other.firstExample, last: other.lastExample)
    count += other.count
    clicks += other.clicks
    expected += other.expected
    squares += other.squares
    clicked += other.clicked
    for field in values.indices { values[field].merge(other.values[field], uniquingKeysWith: +) }
  }

  private mutating func cover(start: Milliseconds, end: Milliseconds, first: Int64, last: Int64) {
    (self.start, self.end) = (min(self.start, start), max(self.end, end))
    guard first > 0 else { return }
    firstExample = firstExample == 0 ? first : min(firstExample, first)
    lastExample = max(lastExample, last)
  }

  /// Clicks an impression.
  var clickRate: Double { count > 0 ? clicks / Double(count) : 0 }

  /// Observed over expected clicks.
  var ratio: Double { expected > 0 ? clicks / expected : 0 }

  /// How far labels go with predictions, in standard errors; far below 0 they go against them. 0 when either is constant.
  var agreement: Double {
    let n = Double(count)
    guard count > 1 else { return 0 }
    let covariance = clicked / n - expected / n * clicks / n
    let variance = (squares / n - expected / n * expected / n) * clickRate * (1 - clickRate)
    return variance > 1e-15 ? covariance / (variance / n).squareRoot() : 0
  }

  /// One block of all.
  static func pooled(_ blocks: some Sequence<Self>) -> Self? {
    var iterator = blocks.makeIterator()
    guard var pooled = iterator.next() else { return nil }
    while let next = iterator.next() { pooled.merge(next) }
    return pooled
  }

  /// Neighbours merged until each satisfies `isEnough`; what is left at the end joins the last.
  static func merged(_ blocks: [Self], until isEnough: (Self) -> Bool) -> [Self] {
    var merged: [Self] = []
    var open: Self?
    for block in blocks {
      if open == nil { open = block } else { open?.merge(block) }
      if let whole = open, isEnough(whole) {
        merged.append(whole)
        open = nil
      }
    }
    if let rest = open {
      if merged.isEmpty { return isEnough(rest) ? [rest] : [] }
      merged[merged.count - 1].merge(rest)
    }
    return merged
  }
}
