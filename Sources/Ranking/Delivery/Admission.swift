import Catalog
import Events

/// Whether the campaigns of ads let them take part in one decision, as of now.
public struct Admission: Sendable {
  let ledger: CampaignLedger
  let map: CampaignMap
  /// `nil` for an unknown user, for whom no frequency cap holds.
  let user: StableHash?
  let time: Milliseconds

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
    let expected = campaign.expected
    if campaign.spentToday >= terms.daily - min(expected, terms.daily) {
      return .dailyBudget(spent: Amount.units(campaign.spentToday), budget: Amount.units(terms.daily))
    }
    if campaign.spentInAll >= terms.total - min(expected, terms.total) {
      return .totalBudget(spent: Amount.units(campaign.spentInAll), budget: Amount.units(terms.total))
    }
    if let cap = terms.cap, let user {
      let seen = ledger.frequencies.count(user.combined(with: campaign.hash.value), second: Int(time / 1000))
      if seen >= cap.impressions { return .frequencyCap(seen: seen, cap: cap.impressions) }
    }
    let probability = terms.isPaced ? campaign.passProbability : 1
    guard probability < 1, campaign.hash.combined(with: seed).uniform >= probability else { return nil }
    return .pacing(probability: probability)
  }

  /// The most that the ad in a row may be priced at, in currency units, so that it costs no more than its budgets have left.
  func priceMax(_ row: Int) -> Double {
    guard let entry = map.entry(row) else { return .infinity }
    let left = min(
      entry.terms.daily - entry.campaign.spentToday, entry.terms.total - entry.campaign.spentInAll)
    return Amount.units(max(left, 0)) * (map.billing(row) == .cpc ? 1 : 1000)
  }
}
