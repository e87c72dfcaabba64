/// What a click costs.
public enum Pricing: String, Codable, Sendable, CaseIterable {
  /// Generalised second price: the smallest cent with which the ad's bid × CTR still reaches that of the ad ranked below
  /// it (Edelman, Ostrovsky and Schwarz 2007), at least the reserve price, at most the bid.
  case second
  /// The bid.
  case first

  /// Price of a click on `ad`, in currency units.
  ///
  /// - parameter next: the ad ranked below it, `nil` for none.
  /// - parameter reserve: the lowest price.
  public func price(of ad: RankedAd, next: RankedAd?, reserve: Double) -> Double {
    guard self == .second else { return ad.bid }
    var price = reserve
    if let next, ad.ctrAtSlotOne > 0 {
      price = max(price, Self.ceilCent(next.bid * next.ctrAtSlotOne / ad.ctrAtSlotOne))
    }
    return min(price, ad.bid)
  }

  /// The amount rounded up to a cent; what rounding errors add beyond a cent doesn't count.
  private static func ceilCent(_ amount: Double) -> Double {
    (amount * 100 - 1e-9).rounded(.up) / 100
  }
}
