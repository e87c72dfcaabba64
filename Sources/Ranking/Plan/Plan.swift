import Catalog
import Events
import Features

/// A model folded into a catalog: the exact best ads for a request in microseconds.
///
/// What doesn't depend on the request is one number an ad; what doesn't depend on the ad is a small table for each set of
/// crossed ad attributes, made when the request comes. Both are rounded to steps such that the scan of bytes gives an upper
/// bound of every score; ads whose bound reaches the worst of the best so far are scored exactly. So the answers are those
/// of ``ReferenceRanker``, bit by bit. Immutable; any thread may use it.
public final class Plan: Sendable {
  public let model: Model
  public let catalog: CatalogSnapshot
  public let simd: SIMDLevel
  /// Ads that aren't paused.
  public let activeCount: Int

  let layout: ColumnLayout
  let crosses: [CrossColumn]
  let rules: RuleColumn
  let bidLevels: BidLevels
  /// What doesn't depend on the ad: one term a pattern of context fields only.
  let contextTerms: [ContextTerm]
  /// For each row, the logit at slot 1 without what depends on the request.
  let staticLogits: [Double]
  let scratches: ScratchPool
  private let revenueFace: Face
  private let ctrFace: Face

  /// Winners of higher logits have CTRs for which bids get a column of their own.
  private static let highCTRLogit = -2.0

  /// Folds the model into the catalog, in about half a second for a million ads.
  ///
  /// - parameter simd: must be available on this processor.
  public init(model: Model, catalog: CatalogSnapshot, simd: SIMDLevel = .preferred) {
    precondition(simd.isAvailable, "\(simd) isn't available on this processor")
    let numbers = AdValueNumbers(model: model, catalog: catalog)
    let rules = RuleColumn(catalog: catalog)
    let adSets = model.patterns.filter { !$0.template.context.isEmpty && !$0.template.ad.isEmpty }.map(\.template.ad)
    let built = Set(adSets).sorted { $0.lexicographicallyPrecedes($1) }.map {
      CrossColumn.build(adFields: $0, model: model, rowCount: catalog.count, numbers: numbers)
    }
    let tangentLogit = model.typicalWinningLogit(catalog)
    let layout = ColumnLayout(
      crosses: built.map(\.column), rules: rules, bids: tangentLogit > Self.highCTRLogit)
    let bidLevels = BidLevels(bidMax: (0..<catalog.count).reduce(0) { max($0, catalog.bids[$1]) })
    let folding = Folding(
      model: model, catalog: catalog, layout: layout, crossBuckets: built.map(\.buckets), crosses: built.map(\.column),
      rules: rules, bidLevels: bidLevels, tangentLogit: tangentLogit, numbers: numbers)
    self.model = model
    self.catalog = catalog
    self.simd = simd
    self.rules = rules
    self.bidLevels = bidLevels
    self.layout = layout
    crosses = built.map(\.column)
    contextTerms = model.patterns.filter { $0.template.ad.isEmpty && !$0.template.context.isEmpty }.map(
      ContextTerm.init)
    staticLogits = folding.logits
    activeCount = folding.activeCount
    revenueFace = folding.face(.revenue)
    ctrFace = folding.face(.ctr)
    let termCounts = crosses.map(\.terms.count)
    scratches = ScratchPool {
      RankScratch(columnCount: layout.columns.count, ruleCount: rules.ruleCount, termCounts: termCounts)
    }
  }

  func face(_ objective: Objective) -> Face { objective == .revenue ? revenueFace : ctrFace }
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
