import Catalog
import Events
import Features

/// The work of making a plan: static logits, and the layout of each objective.
struct Folding {
  /// By row, without what depends on the request.
  let logits: [Double]
  let activeCount: Int
  private let model: Model
  private let catalog: CatalogSnapshot
  private let layout: ColumnLayout
  /// For each column of the layout, the code of each row; empty for the level.
  private let codes: [[UInt8]]
  private let priority: [Int]
  private let tangentLogit: Double
  private let bidMax: Double

  init(
    model: Model, catalog: CatalogSnapshot, layout: ColumnLayout, crossBuckets: [[UInt8]], crosses: [CrossColumn],
    rules: RuleColumn, bidLevels: BidLevels, tangentLogit: Double, numbers: AdValueNumbers
  ) {
    self.model = model
    self.catalog = catalog
    self.layout = layout
    self.tangentLogit = tangentLogit
    bidMax = bidLevels.values.last!
    logits = Self.staticLogits(model, rowCount: catalog.count, numbers)
    activeCount = (0..<catalog.count).count { catalog.isActive($0) }
    codes = layout.columns.map { column in
      switch column.kind {
      case .level: return []
      case .bid: return catalog.bids.map { bidLevels.code($0) }
      case .rule: return catalog.targetingRuleIndices.map { rules.bucketOfRule[Int($0)] }
      case .cross(let index): return crossBuckets[index]
      }
    }
    let impacts = layout.columns.map { column in
      if case .cross(let index) = column.kind { return crosses[index].impact }
      return column.kind == .rule ? 0 : -1
    }
    priority = impacts.indices.filter { impacts[$0] >= 0 }.sorted { impacts[$0] > impacts[$1] }
  }

  /// The catalog laid out for an objective.
  func face(_ objective: Objective) -> Face {
    let bound = ScoreBound(
      objective: objective, calibration: model.calibration, bidMax: bidMax, tangentLogit: tangentLogit)
    var scores = [Double](repeating: -.infinity, count: catalog.count)
    var zeroRows: [UInt32] = []
    for row in scores.indices where catalog.isActive(row) {
      scores[row] = bound.staticScore(logit: logits[row], bid: catalog.bids[row])
      if scores[row] == -.infinity { zeroRows.append(UInt32(row)) }
    }
    return Face(
      bound: bound, scores: scores, zeroRows: zeroRows, layout: layout, codes: codes, priority: priority)
  }

  private static func staticLogits(_ model: Model, rowCount: Int, _ numbers: AdValueNumbers) -> [Double] {
    var logits = [Double](repeating: model.logit(model.bias, slot: 1), count: rowCount)
    for pattern in model.patterns where pattern.template.context.isEmpty {
      var index = KeyIndex(width: pattern.width)
      for weight in pattern.weights.indices { _ = index.intern(pattern.key(weight)) }
      let weights = pattern.weights + [0]
      let found = numbers.map(pattern.template.ad, rowCount: rowCount, index: index, missing: UInt32(index.count))
      for row in logits.indices { logits[row] += weights[Int(found[row])] }
    }
    return logits
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
