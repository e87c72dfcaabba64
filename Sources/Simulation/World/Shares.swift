import Statistics

/// Names with the shares in which they occur.
struct Shares: Sendable {
  let names: [String]
  private let cumulative: [Double]

  init(_ weights: KeyValuePairs<String, Double>) {
    names = weights.map(\.key)
    cumulative = weights.reduce(into: []) { sums, weight in sums.append((sums.last ?? 0) + weight.value) }
  }

  /// The index of a name, drawn by its share.
  func pick(_ generator: inout SeededGenerator) -> Int {
    let point = generator.nextUniform() * (cumulative.last ?? 0)
    return cumulative.firstIndex { point < $0 } ?? names.count - 1
  }
}
