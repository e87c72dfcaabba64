import CRanking
import Catalog
import Events
import Features
import HeapModule

extension Plan {
  /// The best ads for a request: exactly those of ``ReferenceRanker/top(_:model:catalog:count:)``.
  ///
  /// Without regard to the request's diversity. Microseconds for a million ads. O(ads) only when no ad has a score to prune by, such as a CTR of 0 everywhere.
  ///
  /// - parameter count: ads wanted; the request's slots unless given.
  /// - parameter pruning: whether groups of ads that can't win are passed over; only a measurement turns it off.
  public func top(_ request: RankRequest, count: Int? = nil, pruning: Bool = true) -> RankOutcome {
    let wanted = min(max(count ?? request.slotCount, 0), activeCount)
    let scratch = scratches.take()
    defer { scratches.give(scratch) }
    var search = Search(self, request, scratch, wanted: wanted)
    if wanted > 0 { search.run(pruning: pruning) }
    return outcome(search, missing: (count ?? request.slotCount) > search.best.count)
  }

  private func outcome(_ search: Search, missing: Bool) -> RankOutcome {
    let ads = search.best.unordered.sorted { $1 < $0 }.map { candidate in
      RankedAd(
        row: candidate.row, id: catalog.id(candidate.row), score: candidate.score, ctrAtSlotOne: candidate.ctr,
        logit: candidate.logit - (model.slots[1] ?? 0), bid: catalog.bids[candidate.row])
    }
    let shortage: RankOutcome.Shortage? =
      !missing ? nil : catalog.count == 0 ? .emptyCatalog : activeCount == 0 ? .allPaused : .fewEligible
    return RankOutcome(ads: ads, scanned: min(search.scanned, activeCount), shortage: shortage)
  }
}

/// An ad that was scored exactly; the lesser one is the worse.
struct Candidate: Comparable {
  let score: Double
  let row: Int
  /// At slot 1.
  let ctr: Double
  /// At slot 1.
  let logit: Double

  static func < (first: Candidate, second: Candidate) -> Bool {
    first.score == second.score ? first.row > second.row : first.score < second.score
  }
}

/// One request's way through a plan.
struct Search {
  private(set) var best = Heap<Candidate>()
  /// Ads looked at.
  private(set) var scanned = 0

  private let plan: Plan
  private let face: Face
  private let request: RankRequest
  private let scratch: RankScratch
  private let excludedRows: [Int]
  private let wanted: Int
  /// What the context adds to every logit.
  private let contextLogit: Double
  /// The most that a request can add to a static score; −∞ when every score is 0.
  private let requestMax: Double
  init(_ plan: Plan, _ request: RankRequest, _ scratch: RankScratch, wanted: Int) {
    self.plan = plan
    self.request = request
    self.scratch = scratch
    self.wanted = wanted
    face = plan.face(request.objective)
    excludedRows = request.excluded.compactMap { plan.catalog.row(id: $0) }
    let numbers = plan.model.contextNumbers(request.context)
    contextLogit = plan.contextTerms.reduce(0) { $0 + $1.weight(numbers) }
    plan.rules.unmetCounts(request.context, into: scratch.unmet)
    plan.fillValues(scratch, numbers, levels: face.levels)
    requestMax = scratch.maxima.reduce(contextLogit, +)
  }

  mutating func run(pruning: Bool) {
    guard requestMax > -.infinity else { return takeZeros(plan.catalog.count) { $0 } }
    scan(pruning: pruning)
    guard best.count < wanted || best.min!.score == 0 else { return }
    takeZeros(face.zeroRows.count) { [face] in Int(face.zeroRows[$0]) }
  }

  /// One more than the number of eligible ads that are better than `candidate`; scores every ad, tens of milliseconds
  /// for a million.
  func rank(of candidate: Candidate) -> Int {
    let better = face.rows.indices.count { place in
      let row = face.rows[place]
      guard row != ScanOrder.padding, isTargeted(Int(row)), isAllowed(Int(row)) else { return false }
      return candidate < self.candidate(place: place, row: Int(row))
    }
    let betterZeros = face.zeroRows.count { row in
      isTargeted(Int(row)) && isAllowed(Int(row)) && candidate < Candidate(score: 0, row: Int(row), ctr: 0, logit: 0)
    }
    return 1 + better + betterZeros
  }

  /// Takes ads whose score is 0, in the order of their rows, until a further one can't be among the best.
  private mutating func takeZeros(_ count: Int, row: (Int) -> Int) {
    for index in 0..<count {
      let row = row(index)
      if best.count == wanted, best.min!.row < row { return }
      scanned += 1
      guard plan.catalog.isActive(row), isTargeted(row), isAllowed(row) else { continue }
      let ad = ReferenceRanker.rank(row, request, plan.model, plan.catalog)
      insert(Candidate(score: ad.score, row: row, ctr: ad.ctrAtSlotOne, logit: plan.model.logit(ad.logit, slot: 1)))
    }
  }

  private mutating func scan(pruning: Bool) {
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
      scanGroups(&scan, maxima)
    }
  }

  /// Scores hits as they come, so that the threshold rises; until there are enough ads, every eligible one is a hit.
  private mutating func scanGroups(_ scan: inout adloop_scan, _ maxima: UnsafeBufferPointer<Float>) {
    var group = 0
    var required = -Double.infinity
    quantize(&scan)
    while group < scan.group_count {
      let progress = adloop_scan_groups(
        plan.simd.kernel, &scan, group, scratch.hits.baseAddress, RankScratch.hitCapacity)
      group = progress.next_group
      scanned += progress.scanned_count * ScanOrder.groupSize
      score(scratch.hits.prefix(progress.hit_count))
      guard group < scan.group_count, best.count == wanted else { continue }
      let raised = face.bound.requiredSum(best.min!.score)
      guard raised > required else { continue }
      required = raised
      if request.objective == .revenue { plan.fillBids(scratch, reaching: best.min!.score) }
      setThreshold(required, next: Double(maxima[group]), &scan)
    }
  }

  /// Lets the scan find what may reach `required`; makes its steps finer when the budget has become small.
  private func setThreshold(_ required: Double, next: Double, _ scan: inout adloop_scan) {
    let magnitude = abs(requestMax) + abs(next) + abs(required)
    scan.headroom = requestMax - required + 1e-9 * magnitude
    let budget = max(next + scan.headroom, 1e-6)
    guard scan.steps_per_unit == 0 || budget * scan.steps_per_unit < Double(ADLOOP_BUDGET_MAX) / 2 else { return }
    scan.steps_per_unit = Double(ADLOOP_BUDGET_MAX) / budget
    quantize(&scan)
  }

  /// Writes the tables of deficits. Without steps nothing but targeting has any.
  private func quantize(_ scan: inout adloop_scan) {
    for (index, column) in plan.layout.columns.enumerated() {
      let table = scratch.tables.base + 256 * index
      guard column.kind != .rule, column.kind != .bid else { continue }
      guard scan.steps_per_unit > 0 else {
        table.update(repeating: 0, count: 256)
        continue
      }
      adloop_quantize(
        scratch.values.baseAddress! + 256 * index, column.codeCount + 1, scratch.maxima[index], scan.steps_per_unit,
        table)
    }
  }

  private mutating func score(_ hits: Slice<UnsafeMutableBufferPointer<UInt32>>) {
    for place in hits {
      let row = face.rows[Int(place)]
      guard row != ScanOrder.padding, isTargeted(Int(row)) else { continue }
      let candidate = candidate(place: Int(place), row: Int(row))
      if best.count == wanted, candidate < best.min! { continue }
      if isAllowed(Int(row)) { insert(candidate) }
    }
  }

  /// The ad at a place, scored exactly.
  private func candidate(place: Int, row: Int) -> Candidate {
    let logit = plan.staticLogits[row] + contextLogit + plan.crossLogit(place: place, row: row, face, scratch)
    let ctr = plan.model.calibration.probability(logit: logit)
    let score = request.objective == .revenue ? plan.catalog.bids[row] * ctr : ctr
    return Candidate(score: score, row: row, ctr: ctr, logit: logit)
  }

  /// Whether the request meets the ad's targeting.
  private func isTargeted(_ row: Int) -> Bool { scratch.unmet[Int(plan.catalog.targetingRuleIndices[row])] == 0 }

  private func isAllowed(_ row: Int) -> Bool {
    plan.catalog.bids[row] >= request.reservePrice && !excludedRows.contains(row) && request.admits(row)
  }

  private mutating func insert(_ candidate: Candidate) {
    if best.count < wanted {
      best.insert(candidate)
    } else if best.min! < candidate {
      best.replaceMin(with: candidate)
    }
  }
}
