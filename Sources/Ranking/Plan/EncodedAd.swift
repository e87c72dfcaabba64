import Catalog

/// An ad that was added after the snapshot, as a plan sees it.
struct EncodedAd: Sendable {
  let added: AddedAd
  /// At slot 1, without what depends on the request.
  let logit: Double
  /// Static scores; −∞ when the score is 0 whatever the request.
  let revenueScore: Double
  let ctrScore: Double
  /// Its code in each cross.
  let codes: [UInt32]

  init(_ added: AddedAd, _ base: PlanBase) {
    let numbers = base.model.adNumbers(added.ad.attributes)
    self.added = added
    logit = base.model.staticLogit(numbers)
    revenueScore = base.revenueBound.staticScore(logit: logit, bid: added.ad.bid)
    ctrScore = base.ctrBound.staticScore(logit: logit, bid: added.ad.bid)
    codes = base.crosses.map { $0.code(numbers) }
  }
}
