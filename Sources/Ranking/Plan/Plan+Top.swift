import Catalog
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
        logit: candidate.logit - (model.slots[1] ?? 0), bid: catalog.bid(candidate.row))
    }
    let shortage: RankOutcome.Shortage? =
      !missing ? nil : catalog.count == 0 ? .emptyCatalog : activeCount == 0 ? .allPaused : .fewEligible
    return RankOutcome(ads: ads, scanned: min(search.scanned, activeCount), shortage: shortage)
  }
}
