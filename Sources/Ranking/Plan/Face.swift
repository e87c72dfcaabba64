import CRanking

/// A catalog laid out for the scans of one objective.
final class Face: Sendable {
  /// The row of each place, ``ScanOrder/padding`` for none.
  let rows: [UInt32]
  let groupMaxima: [Float]
  /// 64 codes for each column of each group.
  let codes: AlignedBytes
  /// 64 codes for each column of each block of 64 groups.
  let groupCodes: AlignedBytes
  let levels: ScoreLevels
  /// Rows whose score is 0 whatever the request, ascending.
  let zeroRows: [UInt32]

  var groupCount: Int { groupMaxima.count }

  /// - parameter scores: static scores by row, −∞ for rows that aren't scanned.
  /// - parameter codes: for each column of the layout, the code of each row; empty for the level.
  /// - parameter priority: the layout's crosses and rules, those that matter most first.
  /// - parameter levels: those of another face whose tables serve this one too.
  init(
    scores: [Double], zeroRows: [UInt32], layout: ColumnLayout, codes: [[UInt8]], priority: [Int],
    levels: ScoreLevels? = nil
  ) {
    let order = ScanOrder(scores: scores, codes: priority.map { codes[$0] })
    self.zeroRows = zeroRows
    rows = order.rows
    groupMaxima = order.groupMaxima
    var packing = Packing(order: order, scores: scores, layout: layout, levels: levels)
    for group in order.groupMaxima.indices { packing.pack(group, codes) }
    self.levels = packing.levels
    self.codes = packing.codes
    groupCodes = packing.groupCodes
  }

  /// Writes codes group by group.
  private struct Packing {
    let codes: AlignedBytes
    let groupCodes: AlignedBytes
    let levels: ScoreLevels
    private let order: ScanOrder
    private let scores: [Double]
    private let layout: ColumnLayout

    init(order: ScanOrder, scores: [Double], layout: ColumnLayout, levels: ScoreLevels?) {
      self.order = order
      self.scores = scores
      self.layout = layout
      let groupCount = order.groupMaxima.count
      let blockCount = (groupCount + ScanOrder.groupSize - 1) / ScanOrder.groupSize
      codes = AlignedBytes(count: groupCount * layout.columns.count * ScanOrder.groupSize)
      groupCodes = AlignedBytes(count: blockCount * layout.columns.count * ScanOrder.groupSize)
      var spread = 0.0
      for (place, row) in order.rows.enumerated() where row != ScanOrder.padding {
        spread = max(spread, Double(order.groupMaxima[place / ScanOrder.groupSize]) - scores[Int(row)])
      }
      self.levels = levels ?? ScoreLevels(spread: spread)
    }

    mutating func pack(_ group: Int, _ rowCodes: [[UInt8]]) {
      let size = ScanOrder.groupSize
      let places = group * size..<(group + 1) * size
      for (index, column) in layout.columns.enumerated() {
        let start = codes.base + (group * layout.columns.count + index) * size
        var last: UInt8 = 0
        for (lane, place) in places.enumerated() {
          let row = order.rows[place]
          if row != ScanOrder.padding { last = code(column, group, Int(row), rowCodes[index]) }
          start[lane] = last
        }
        let block = groupCodes.base + (group / size * layout.columns.count + index) * size
        block[group % size] = groupCode(column, start)
      }
    }

    private func code(_ column: ColumnLayout.Column, _ group: Int, _ row: Int, _ rowCodes: [UInt8]) -> UInt8 {
      guard column.kind == .level else { return rowCodes[row] }
      return levels.code(Double(order.groupMaxima[group]) - scores[row])
    }

    private func groupCode(_ column: ColumnLayout.Column, _ codes: UnsafePointer<UInt8>) -> UInt8 {
      if column.kind == .level { return 0 }
      if column.kind == .bid { return UnsafeBufferPointer(start: codes, count: ScanOrder.groupSize).max()! }
      let isMixed = (1..<ScanOrder.groupSize).contains { codes[$0] != codes[0] }
      return isMixed ? column.mixedCode : codes[0]
    }
  }
}
