import Features

extension Plan {
  /// Fills for each column what each code adds to a score of this request, and the best of them.
  func fillValues(_ scratch: RankScratch, _ numbers: [UInt32?], levels: ScoreLevels) {
    for (index, column) in layout.columns.enumerated() {
      let values = UnsafeMutableBufferPointer(rebasing: scratch.values[256 * index..<256 * (index + 1)])
      switch column.kind {
      case .level:
        for (code, level) in levels.values.enumerated() { values[code] = -level }
        values[Int(column.mixedCode)] = 0
        scratch.maxima[index] = 0
      case .bid:
        scratch.maxima[index] = 0
        (scratch.tables.base + 256 * index).update(repeating: 0, count: 256)
      case .rule:
        scratch.maxima[index] = 0
        fillRules(scratch, scratch.tables.base + 256 * index, column)
      case .cross(let cross):
        fillCross(crosses[cross], numbers, values, &scratch.lists[cross])
        let best = values.prefix(column.codeCount).max()!
        values[Int(column.mixedCode)] = best
        scratch.maxima[index] = best
      }
    }
  }

  /// Rules out the bids that can't reach a score of the objective revenue.
  func fillBids(_ scratch: RankScratch, reaching threshold: Double) {
    guard let index = layout.columns.firstIndex(where: { $0.kind == .bid }) else { return }
    let table = scratch.tables.base + 256 * index
    for (code, bid) in bidLevels.values.enumerated() { table[code] = bid < threshold ? UInt8.max : 0 }
  }

  /// What the crosses add to the logit of the ad at a place.
  func crossLogit(place: Int, row: Int, _ face: Face, _ scratch: RankScratch) -> Double {
    let size = ScanOrder.groupSize
    let codes = face.codes.base + (place / size * layout.columns.count) * size + place % size
    var sum = 0.0
    for index in layout.exactCrossColumns { sum += scratch.values[256 * index + Int(codes[index * size])] }
    for cross in layout.sharedCrosses {
      let code = crosses[cross].sharedCodes![row]
      for (term, list) in zip(crosses[cross].terms, scratch.lists[cross]) where list >= 0 {
        sum += term.weight(list: list, code: code)
      }
    }
    return sum
  }

  private func fillCross(
    _ cross: CrossColumn, _ numbers: [UInt32?], _ values: UnsafeMutableBufferPointer<Double>, _ lists: inout [Int]
  ) {
    values.update(repeating: 0)
    for (index, term) in cross.terms.enumerated() {
      lists[index] = term.lists.number { numbers[term.contextFields[$0]] } ?? -1
      guard lists[index] >= 0 else { continue }
      if cross.isExact {
        for entry in term.codes.range(lists[index]) {
          values[Int(term.codes.places[entry])] += term.codes.weights[entry]
        }
      } else {
        for entry in term.buckets.range(lists[index]) {
          values[Int(term.buckets.places[entry])] += term.buckets.weights[entry]
        }
      }
    }
  }

  /// A bucket of rules passes when one of them matches; a mixed group always does.
  private func fillRules(_ scratch: RankScratch, _ table: UnsafeMutablePointer<UInt8>, _ column: ColumnLayout.Column) {
    table.update(repeating: UInt8.max, count: 256)
    for rule in 0..<rules.ruleCount where scratch.unmet[rule] == 0 { table[Int(rules.bucketOfRule[rule])] = 0 }
    table[Int(column.mixedCode)] = 0
  }
}
