import Catalog
import Events

/// The ads that were added after the snapshot, laid out for scans like its own.
final class PlanAdditions: Sendable {
  let ads: [EncodedAd]
  let part: PlanPart
  /// The rules that the snapshot doesn't have.
  let rules: RuleColumn
  /// Index of the first of them; they follow those of the snapshot and of an earlier layout.
  let firstRule: Int
  /// By cross, whether one of the ads has a code that no ad of the snapshot has.
  let usesNewCodes: [Bool]
  let scratches: ScratchPool

  /// About a quarter of a microsecond an ad.
  init(_ ads: [EncodedAd], _ base: PlanBase, firstRule: Int) {
    self.ads = ads
    self.firstRule = firstRule
    var newRules: [TargetingRule: UInt32] = [:]
    let ruleIndices = ads.map { ad in
      ad.added.baseRuleIndex
        ?? {
          let next = UInt32(firstRule + newRules.count)
          if let known = newRules[ad.added.rule] { return known }
          newRules[ad.added.rule] = next
          return next
        }()
    }
    rules = RuleColumn(newRules.sorted { $0.value < $1.value }.map(\.key))
    let codes = base.layout.columns.map { Self.codes($0, ads, ruleIndices, base) }
    let faces = [Objective.revenue, .ctr].map { objective in
      let scores = ads.map { objective == .revenue ? $0.revenueScore : $0.ctrScore }
      return Face(
        scores: scores, zeroRows: scores.indices.filter { scores[$0] == -.infinity }.map { UInt32($0) },
        layout: base.layout, codes: codes, priority: base.priority, levels: base.part.face(objective).levels)
    }
    part = PlanPart(
      logits: ads.map(\.logit), bids: .array(ads.map(\.added.ad.bid)), rules: .array(ruleIndices),
      sharedCodes: base.crosses.indices.map { cross in
        base.crosses[cross].isShared ? ads.map { $0.codes[cross] } : []
      }, added: ads.map(\.added), revenueFace: faces[0], ctrFace: faces[1])
    usesNewCodes = base.crosses.enumerated().map { index, cross in
      ads.contains { Int(cross.bucketOfCode[Int($0.codes[index])]) >= cross.usedBucketCount }
    }
    scratches = PlanBase.scratches(
      base.layout, base.crosses, ruleCount: firstRule + newRules.count)
  }

  /// One more than the index of the last rule.
  var ruleEnd: Int { firstRule + rules.ruleCount }

  /// What the snapshot has no code for gets that of a mixed group, which no table rules out.
  private static func codes(
    _ column: ColumnLayout.Column, _ ads: [EncodedAd], _ rules: [UInt32], _ base: PlanBase
  ) -> [UInt8] {
    switch column.kind {
    case .level: []
    case .bid:
      ads.map {
        $0.added.ad.bid <= base.bidLevels.values.last! ? base.bidLevels.code($0.added.ad.bid) : column.mixedCode
      }
    case .rule: rules.map { $0 < base.rules.ruleCount ? base.rules.bucketOfRule[Int($0)] : column.mixedCode }
    case .cross(let index): ads.map { base.crosses[index].bucketOfCode[Int($0.codes[index])] }
    }
  }
}
