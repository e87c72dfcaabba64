import Catalog
import Events

/// Whether the campaigns of ads let them take part in one decision, as of now.
public final class Admission: Sendable {
  let ledger: CampaignLedger
  let map: CampaignMap
  /// `nil` for an unknown user, for whom no frequency cap holds.
  let user: StableHash?
  let time: Milliseconds
  /// The part of split budgets that pays; `nil` where none does.
  let part: (index: Int, share: Double)?

  init(
    ledger: CampaignLedger, map: CampaignMap, user: StableHash?, time: Milliseconds, part: (index: Int, share: Double)?
  ) {
    self.ledger = ledger
    self.map = map
    self.user = user
    self.time = time
    self.part = part
  }

  /// Whether the ad in a row takes part in the decision with this seed; counts it when it doesn't. Takes no lock.
  func admits(_ row: Int, seed: UInt64) -> Bool {
    guard let hindrance = hindrance(row, seed: seed) else { return true }
    ledger.countWithheld(hindrance.withholding)
    return false
  }

  /// What keeps the ad in a row out of the decision with this seed; `nil` when nothing does. Takes no lock.
  public func hindrance(_ row: Int, seed: UInt64) -> Hindrance? {
    guard let entry = map.entry(row) else { return nil }
    let (campaign, terms) = (entry.campaign, entry.terms)
    let ownPurse = part.map { entry.purse(part: $0.index, share: $0.share) }
    if let hindrance = entry.purse.hindrance ?? ownPurse?.hindrance { return hindrance }
    if let cap = terms.cap, let user {
      let seen = ledger.frequencies.count(user.combined(with: campaign.hash.value), second: Int(time / 1000))
      if seen >= cap.impressions { return .frequencyCap(seen: seen, cap: cap.impressions) }
    }
    let probability = terms.isPaced ? (ownPurse?.campaign ?? campaign).passProbability : 1
    guard probability < 1, campaign.hash.combined(with: seed).uniform >= probability else { return nil }
    return .pacing(probability: probability)
  }

  /// The most that the ad in a row may be priced at, in currency units, so that it costs no more than its budgets have left.
  func priceMax(_ row: Int) -> Double {
    guard let entry = map.entry(row) else { return .infinity }
    let own = part.map { entry.purse(part: $0.index, share: $0.share).left }
    let left = min(entry.purse.left, own ?? Amount.unlimited)
    return Amount.units(max(left, 0)) * (map.billing(row) == .cpc ? 1 : 1000)
  }
}
