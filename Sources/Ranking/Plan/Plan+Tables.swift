import Catalog
import Events
import Features

extension Plan {
  /// Fills for each column what each code adds to a score of this request, and the best of them.
  func fillValues(_ scratch: RankScratch, _ numbers: [UInt32?], levels: ScoreLevels) {
    for (index, column) in layout.columns.enumerated() {
      let values = UnsafeMutableBufferPointer(rebasing: scratch.values[256 * index..<256 * (index + 1)])
      switch column.kind {
      case .level:
        for (code, level) in levels.values.enumerated() { values[code] = -level }
        scratch.maxima[index] = 0
      case .bid:
        scratch.maxima[index] = 0
        (scratch.tables.base + 256 * index).update(repeating: 0, count: 256)
      case .rule:
        scratch.maxima[index] = 0
        fillRules(scratch, scratch.tables.base + 256 * index, column)
      case .cross(let cross):
        fillCross(crosses[cross], numbers, values, &scratch.lists[cross])
        scratch.maxima[index] = values.prefix(boundedCodeCount(column)).max()!
      }
    }
  }

  /// Codes whose values the column's maximum bounds: those that scanned ads have.
  func boundedCodeCount(_ column: ColumnLayout.Column) -> Int {
    guard case .cross(let cross) = column.kind, !additions.contains(where: { $0.usesNewCodes[cross] }) else {
      return column.codeCount
    }
    return crosses[cross].usedBucketCount
  }

  /// Rules out the bids that can't reach a score of the objective revenue.
  func fillBids(_ scratch: RankScratch, reaching threshold: Double) {
    guard let index = layout.columns.firstIndex(where: { $0.kind == .bid }) else { return }
    let table = scratch.tables.base + 256 * index
    for (code, bid) in base.bidLevels.values.enumerated() { table[code] = bid < threshold ? UInt8.max : 0 }
  }

  /// What the crosses add to the logit of the ad at a place of a face.
  func crossLogit(place: Int, index: Int, _ part: PlanPart, _ face: Face, _ scratch: RankScratch) -> Double {
    let size = ScanOrder.groupSize
    let codes = face.codes.base + (place / size * layout.columns.count) * size + place % size
    var sum = 0.0
    for column in layout.exactCrossColumns { sum += scratch.values[256 * column + Int(codes[column * size])] }
    for cross in layout.sharedCrosses { sum += sharedLogit(cross, part.sharedCodes[cross][index], scratch) }
    return sum
  }

  /// The same for an ad that no scan looks at yet.
  func crossLogit(_ ad: EncodedAd, _ scratch: RankScratch) -> Double {
    var sum = 0.0
    for column in layout.exactCrossColumns {
      guard case .cross(let cross) = layout.columns[column].kind else { continue }
      sum += scratch.values[256 * column + Int(ad.codes[cross])]
    }
    for cross in layout.sharedCrosses { sum += sharedLogit(cross, ad.codes[cross], scratch) }
    return sum
  }

  private func sharedLogit(_ cross: Int, _ code: UInt32, _ scratch: RankScratch) -> Double {
    var sum = 0.0
    for (term, list) in zip(crosses[cross].terms, scratch.lists[cross]) where list >= 0 {
      sum += term.weight(list: list, code: code)
    }
    return sum
  }

  /// An ad as the request sees it, by the reference's way.
  func rank(_ row: Int, _ request: RankRequest) -> RankedAd {
    ReferenceRanker.rank(
      row, id: catalog.id(row), bid: catalog.bid(row), attributes: catalog.attributes(row), request, model)
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
    for rule in 0..<base.rules.ruleCount where scratch.unmet[rule] == 0 {
      table[Int(base.rules.bucketOfRule[rule])] = 0
    }
    table[Int(column.mixedCode)] = 0
  }
}
