import CRanking
import Catalog
import Events
import Features
import HeapModule

/// One request's way through a plan.
struct Search {
  private(set) var best = Heap<Candidate>()
  /// Ads looked at.
  private(set) var scanned = 0

  private let plan: Plan
  private let base: PlanBase
  private let request: RankRequest
  private let scratch: RankScratch
  private let excludedRows: [Int]
  private let wanted: Int
  private let bound: ScoreBound
  /// What the context adds to every logit.
  private let contextLogit: Double
  /// The most that a request can add to a static score; −∞ when every score is 0.
  private let requestMax: Double
  /// What static score and request must add up to for an ad to be among the best so far.
  private var required = -Double.infinity

  init(_ plan: Plan, _ request: RankRequest, _ scratch: RankScratch, wanted: Int) {
    self.plan = plan
    self.request = request
    self.scratch = scratch
    self.wanted = wanted
    base = plan.base
    bound = base.bound(request.objective)
    excludedRows = request.excluded.compactMap { plan.catalog.row(id: $0.text) }
    let numbers = base.model.contextNumbers(request.context)
    contextLogit = base.contextTerms.reduce(0) { $0 + $1.weight(numbers) }
    base.rules.unmetCounts(request, into: scratch.unmet(0..<base.rules.ruleCount))
    for additions in plan.additions {
      additions.rules.unmetCounts(request, into: scratch.unmet(additions.firstRule..<additions.ruleEnd))
    }
    plan.fillValues(scratch, numbers, levels: base.part.face(request.objective).levels)
    requestMax = scratch.maxima.reduce(contextLogit, +)
  }

  mutating func run(pruning: Bool) {
    scoreRecent()
    let parts = plan.parts
    guard requestMax > -.infinity else {
      for part in parts { takeZeros(part, part.count) { $0 } }
      return
    }
    for part in parts { scan(part, pruning: pruning) }
    guard best.count < wanted || best.min!.score == 0 else { return }
    for part in parts {
      let zeroRows = part.face(request.objective).zeroRows
      takeZeros(part, zeroRows.count) { Int(zeroRows[$0]) }
    }
  }

  /// One more than the number of eligible ads that are better than `candidate`; scores every ad, tens of milliseconds
  /// for a million.
  func rank(of candidate: Candidate) -> Int {
    var better = plan.recent.count { isAllowed($0) && candidate < self.candidate($0) }
    for part in plan.parts {
      let face = part.face(request.objective)
      better += face.rows.indices.count { place in
        let index = face.rows[place]
        guard index != ScanOrder.padding, isAllowed(Int(index), part) else { return false }
        return candidate < self.candidate(place: place, index: Int(index), part, face)
      }
      better += face.zeroRows.count { index in
        isAllowed(Int(index), part) && candidate < Self.zero(Int(index), part)
      }
    }
    return 1 + better
  }
}

// MARK: - Scans

extension Search {
  private mutating func scan(_ part: PlanPart, pruning: Bool) {
    let face = part.face(request.objective)
    guard face.groupCount > 0 else { return }
    var scan = adloop_scan()
    scan.codes = UnsafePointer(face.codes.base)
    scan.group_codes = UnsafePointer(face.groupCodes.base)
    scan.tables = UnsafePointer(scratch.tables.base)
    scan.group_count = face.groupCount
    scan.column_count = UInt32(plan.layout.columns.count)
    scan.narrow_count = UInt32(plan.layout.count(below: 64))
    scan.middle_count = UInt32(plan.layout.count(below: 128))
    scan.is_pruned = pruning
    face.groupMaxima.withUnsafeBufferPointer { maxima in
      scan.group_max = maxima.baseAddress
      scanGroups(&scan, maxima, part, face)
    }
  }

  /// Scores hits as they come, so that the threshold rises; until there are enough ads, every eligible one is a hit.
  private mutating func scanGroups(
    _ scan: inout adloop_scan, _ maxima: UnsafeBufferPointer<Float>, _ part: PlanPart, _ face: Face
  ) {
    var group = 0
    quantize(&scan)
    if best.count == wanted { raiseThreshold(next: Double(maxima[0]), &scan, always: true) }
    while group < scan.group_count {
      let capacity = best.count < wanted ? ScanOrder.groupSize : RankScratch.hitCapacity
      let progress = adloop_scan_groups(plan.simd.kernel, &scan, group, scratch.hits.baseAddress, capacity)
      group = progress.next_group
      scanned += progress.scanned_count * ScanOrder.groupSize
      for place in scratch.hits.prefix(progress.hit_count) { score(place: Int(place), part, face) }
      guard group < scan.group_count, best.count == wanted else { continue }
      raiseThreshold(next: Double(maxima[group]), &scan, always: false)
    }
  }

  /// Lets the scan find what may still be among the best; makes its steps finer when the budget has become small.
  private mutating func raiseThreshold(next: Double, _ scan: inout adloop_scan, always: Bool) {
    let raised = bound.requiredSum(best.min!.score, bidMax: plan.catalog.bidMax)
    guard raised > required || (always && raised > -.infinity) else { return }
    required = raised
    if request.objective == .revenue { plan.fillBids(scratch, reaching: best.min!.score) }
    scan.headroom = headroom(next)
    let budget = max(next + scan.headroom, 1e-6)
    guard scan.steps_per_unit == 0 || budget * scan.steps_per_unit < Double(ADLOOP_BUDGET_MAX) / 2 else { return }
    scan.steps_per_unit = Double(ADLOOP_BUDGET_MAX) / budget
    quantize(&scan)
  }

  /// What the request may add to a static score beyond what is required, with room for rounding.
  private func headroom(_ next: Double) -> Double {
    requestMax - required + 1e-9 * (abs(requestMax) + abs(next) + abs(required))
  }

  /// Writes the tables of deficits. Without steps nothing but targeting and bids has any.
  private func quantize(_ scan: inout adloop_scan) {
    for (index, column) in plan.layout.columns.enumerated() {
      let table = scratch.tables.base + 256 * index
      guard column.kind != .rule, column.kind != .bid else { continue }
      guard scan.steps_per_unit > 0 else {
        table.update(repeating: 0, count: 256)
        continue
      }
      adloop_quantize(
        scratch.values.baseAddress! + 256 * index, plan.boundedCodeCount(column), scratch.maxima[index],
        scan.steps_per_unit, table)
      table[Int(column.mixedCode)] = 0
    }
  }
}

// MARK: - Exact scores

extension Search {
  private mutating func score(place: Int, _ part: PlanPart, _ face: Face) {
    let index = face.rows[place]
    guard index != ScanOrder.padding, isTargeted(Int(index), part) else { return }
    let candidate = candidate(place: place, index: Int(index), part, face)
    if best.count == wanted, candidate < best.min! { return }
    if isAllowed(Int(index), part) { insert(candidate) }
  }

  /// Scores the ads that no scan looks at yet.
  private mutating func scoreRecent() {
    scanned += plan.recent.count
    for ad in plan.recent {
      let candidate = candidate(ad)
      if best.count == wanted, candidate < best.min! { continue }
      if isAllowed(ad) { insert(candidate) }
    }
  }

  /// Takes ads whose score is 0, in their order, until a further one of the snapshot can't be among the best.
  private mutating func takeZeros(_ part: PlanPart, _ count: Int, index: (Int) -> Int) {
    for number in 0..<count {
      let index = index(number)
      if best.count == wanted, Self.zero(index, part) < best.min! {
        if part.added.isEmpty { return }
        continue
      }
      scanned += 1
      let row = part.position(index).row
      guard plan.catalog.isActive(row), isAllowed(index, part) else { continue }
      let ad = plan.rank(row, request)
      let (_, order, added) = part.position(index)
      insert(
        Candidate(
          score: ad.score, row: row, order: order, added: added, ctr: ad.ctrAtSlotOne,
          logit: base.model.logit(ad.logit, slot: 1)))
    }
  }

  /// The ad at a place, scored exactly.
  private func candidate(place: Int, index: Int, _ part: PlanPart, _ face: Face) -> Candidate {
    let cross = plan.crossLogit(place: place, index: index, part, face, scratch)
    let (row, order, added) = part.position(index)
    return candidate(row, order, added, logit: part.logits[index] + contextLogit + cross, bid: part.bids[index])
  }

  private func candidate(_ ad: EncodedAd) -> Candidate {
    candidate(
      ad.added.row, 2 * ad.added.baseRowsBefore, ad.added,
      logit: ad.logit + contextLogit + plan.crossLogit(ad, scratch), bid: ad.added.ad.bid)
  }

  private func candidate(_ row: Int, _ order: Int, _ added: AddedAd?, logit: Double, bid: Double) -> Candidate {
    let ctr = base.model.calibration.probability(logit: logit)
    let score = request.objective == .revenue ? bid * ctr : ctr
    return Candidate(score: score, row: row, order: order, added: added, ctr: ctr, logit: logit)
  }

  private static func zero(_ index: Int, _ part: PlanPart) -> Candidate {
    let (row, order, added) = part.position(index)
    return Candidate(score: 0, row: row, order: order, added: added, ctr: 0, logit: 0)
  }

  /// Whether the request meets the ad's targeting.
  private func isTargeted(_ index: Int, _ part: PlanPart) -> Bool { scratch.unmet[Int(part.rules[index])] == 0 }

  private func isAllowed(_ index: Int, _ part: PlanPart) -> Bool {
    isTargeted(index, part) && isAllowed(row: part.position(index).row, bid: part.bids[index])
  }

  private func isAllowed(_ ad: EncodedAd) -> Bool {
    let isTargeted =
      ad.added.baseRuleIndex.map { scratch.unmet[Int($0)] == 0 }
      ?? ad.added.rule.matches(at: request.time) { request.context[$0] }
    return isTargeted && isAllowed(row: ad.added.row, bid: ad.added.ad.bid)
  }

  private func isAllowed(row: Int, bid: Double) -> Bool {
    bid >= request.reservePrice && !plan.catalog.isHidden(row) && !excludedRows.contains(row) && request.admits(row)
  }

  private mutating func insert(_ candidate: Candidate) {
    if best.count < wanted {
      best.insert(candidate)
    } else if best.min! < candidate {
      best.replaceMin(with: candidate)
    }
  }
}
