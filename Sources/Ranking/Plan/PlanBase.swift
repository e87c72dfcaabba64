import Catalog
import Events
import Features

/// A model folded into a snapshot: what all requests share, and stays while ads are added and taken out.
final class PlanBase: Sendable {
  let model: Model
  let catalog: CatalogSnapshot
  let simd: SIMDLevel
  let layout: ColumnLayout
  let crosses: [CrossColumn]
  let rules: RuleColumn
  let bidLevels: BidLevels
  /// What doesn't depend on the ad: one term a pattern of context fields only.
  let contextTerms: [ContextTerm]
  let part: PlanPart
  let scratches: ScratchPool
  /// Indices of the layout's crosses and rules, those that matter most first.
  let priority: [Int]
  let revenueBound: ScoreBound
  let ctrBound: ScoreBound

  /// Winners of higher logits have CTRs for which bids get a column of their own.
  private static let highCTRLogit = -2.0

  /// Half a second for a million ads.
  init(model: Model, catalog: CatalogSnapshot, simd: SIMDLevel) {
    let numbers = AdValueNumbers(model: model, catalog: catalog)
    let rules = RuleColumn(catalog.targetingRules)
    let adSets = model.patterns.filter { !$0.template.context.isEmpty && !$0.template.ad.isEmpty }.map(\.template.ad)
    let built = Set(adSets).sorted { $0.lexicographicallyPrecedes($1) }.map { adFields in
      let (column, codes) = CrossColumn.build(
        adFields: adFields, model: model, rowCount: catalog.count, numbers: numbers)
      let buckets = codes.map { column.bucketOfCode[Int($0)] }
      return (column: column, buckets: buckets, sharedCodes: column.isShared ? codes : [])
    }
    let crosses = built.map(\.column)
    let tangentLogit = model.typicalWinningLogit(catalog)
    let layout = ColumnLayout(crosses: crosses, rules: rules, bids: tangentLogit > Self.highCTRLogit)
    let bidLevels = BidLevels(bidMax: catalog.bids.reduce(0) { max($0, $1) })
    revenueBound = ScoreBound(objective: .revenue, calibration: model.calibration, tangentLogit: tangentLogit)
    ctrBound = ScoreBound(objective: .ctr, calibration: model.calibration, tangentLogit: tangentLogit)
    priority = layout.priority(crosses: crosses)
    let codes: [[UInt8]] = layout.columns.map { column in
      switch column.kind {
      case .level: []
      case .bid: catalog.bids.map { bidLevels.code($0) }
      case .rule: catalog.targetingRuleIndices.map { rules.bucketOfRule[Int($0)] }
      case .cross(let index): built[index].buckets
      }
    }
    let logits = model.staticLogits(rowCount: catalog.count, numbers)
    let faces = [revenueBound, ctrBound].map { [priority] bound in
      let scores = (0..<catalog.count).map { row in
        catalog.isActive(row) ? bound.staticScore(logit: logits[row], bid: catalog.bids[row]) : -.infinity
      }
      let zeroRows = scores.indices.filter { scores[$0] == -.infinity && catalog.isActive($0) }.map { UInt32($0) }
      return Face(scores: scores, zeroRows: zeroRows, layout: layout, codes: codes, priority: priority)
    }
    part = PlanPart(
      logits: logits, bids: .snapshot(catalog.bids), rules: .snapshot(catalog.targetingRuleIndices),
      sharedCodes: built.map(\.sharedCodes), added: [], revenueFace: faces[0], ctrFace: faces[1])
    self.model = model
    self.catalog = catalog
    self.simd = simd
    self.layout = layout
    self.crosses = crosses
    self.rules = rules
    self.bidLevels = bidLevels
    contextTerms = model.patterns.filter { $0.template.ad.isEmpty && !$0.template.context.isEmpty }.map(
      ContextTerm.init)
    scratches = Self.scratches(layout, crosses, ruleCount: rules.ruleCount)
  }

  func bound(_ objective: Objective) -> ScoreBound { objective == .revenue ? revenueBound : ctrBound }

  /// A pool for requests that look at `ruleCount` rules.
  static func scratches(_ layout: ColumnLayout, _ crosses: [CrossColumn], ruleCount: Int) -> ScratchPool {
    let termCounts = crosses.map(\.terms.count)
    return ScratchPool {
      RankScratch(columnCount: layout.columns.count, ruleCount: ruleCount, termCounts: termCounts)
    }
  }
}

/// The weights of a pattern that looks at the context only.
struct ContextTerm: Sendable {
  let fields: [Int]
  private let index: KeyIndex
  private let weights: [Double]

  init(_ pattern: WeightPattern) {
    fields = pattern.template.context
    var index = KeyIndex(width: fields.count)
    for weight in pattern.weights.indices { _ = index.intern(pattern.key(weight)) }
    self.index = index
    weights = pattern.weights
  }

  /// What the context adds to every logit.
  func weight(_ numbers: [UInt32?]) -> Double {
    index.number { numbers[fields[$0]] }.map { weights[$0] } ?? 0
  }
}

extension Model {
  /// By row, the logit at slot 1 without what depends on the request.
  func staticLogits(rowCount: Int, _ numbers: AdValueNumbers) -> [Double] {
    var logits = [Double](repeating: logit(bias, slot: 1), count: rowCount)
    for pattern in patterns where pattern.template.context.isEmpty {
      var index = KeyIndex(width: pattern.width)
      for weight in pattern.weights.indices { _ = index.intern(pattern.key(weight)) }
      let weights = pattern.weights + [0]
      let found = numbers.map(pattern.template.ad, rowCount: rowCount, index: index, missing: UInt32(index.count))
      for row in logits.indices { logits[row] += weights[Int(found[row])] }
    }
    return logits
  }

  /// The same for one ad.
  func staticLogit(_ numbers: [UInt32?]) -> Double {
    var sum = logit(bias, slot: 1)
    let noContext = [UInt32?](repeating: nil, count: schema.contextFields.count)
    forEachMatch(contextNumbers: noContext, adNumbers: numbers) { sum += patterns[$0].weights[$1] }
    return sum
  }
}
