import Features

/// Which values have a vector, and the vectors of each example.
struct FactorVocabulary: Sendable {
  /// For each field, the row of each value code's vector; ``none`` for values without.
  let rowOfCode: [[UInt32]]
  let rowCount: Int
  /// Fields of the context; those after are the ad's.
  let contextCount: Int
  private let columns: ExampleColumns

  static let none = UInt32.max

  /// The most frequent values among the examples `numbers`.
  init(_ columns: ExampleColumns, _ numbers: [Int], settings: FactorSettings) {
    self.columns = columns
    contextCount = columns.schema.contextFields.count
    let frequencies = columns.codes.indices.map { field in
      var counts = [Int](repeating: 0, count: columns.values[field].values.count + 1)
      for number in numbers { counts[Int(columns.codes[field][number])] += 1 }
      return counts
    }
    let ordered = frequencies.map { counts in
      counts.indices.dropFirst().filter { counts[$0] >= settings.exampleCountMin }
        .sorted { (counts[$1], $0) < (counts[$0], $1) }
    }
    let limit = Self.valueCountMax(ordered.map(\.count), contextCount, settings)
    var rowCount = 0
    rowOfCode = zip(ordered, frequencies).map { codes, counts in
      var rows = [UInt32](repeating: Self.none, count: counts.count)
      for code in codes.prefix(limit) {
        rows[code] = UInt32(rowCount)
        rowCount += 1
      }
      return rows
    }
    self.rowCount = rowCount
  }

  /// Values a field such that the pairs of a context's and an ad's values fit the limit.
  private static func valueCountMax(_ counts: [Int], _ contextCount: Int, _ settings: FactorSettings) -> Int {
    var limit = settings.valueCountMax
    while limit > 1 {
      let kept = counts.map { min($0, limit) }
      let pairCount = kept.prefix(contextCount).reduce(0, +) * kept.dropFirst(contextCount).reduce(0, +)
      if pairCount <= settings.weightCountMax { break }
      limit /= 2
    }
    return limit
  }

  /// The row of the value that an example has in a field, `nil` when that value has no vector.
  @inline(__always)
  func row(of number: Int, field: Int) -> Int? {
    let row = rowOfCode[field][Int(columns.codes[field][number])]
    return row == Self.none ? nil : Int(row)
  }

  var contextFields: Range<Int> { 0..<contextCount }

  var adFields: Range<Int> { contextCount..<rowOfCode.count }
}
