/// The budgets that one decision meets, of a whole campaign or of the part of its arm, and what was spent of them.
struct Purse {
  let campaign: Campaign
  /// In billionths of a currency unit.
  let daily: Int64
  /// Likewise.
  let total: Int64

  /// What keeps the campaign from being served.
  var hindrance: Hindrance? {
    let expected = campaign.expected
    if campaign.spentToday >= daily - min(expected, daily) {
      return .dailyBudget(spent: Amount.units(campaign.spentToday), budget: Amount.units(daily))
    }
    if campaign.spentInAll >= total - min(expected, total) {
      return .totalBudget(spent: Amount.units(campaign.spentInAll), budget: Amount.units(total))
    }
    return nil
  }

  /// What may still be spent.
  var left: Int64 { min(daily - campaign.spentToday, total - campaign.spentInAll) }
}

extension CampaignMap.Entry {
  /// The budgets of the whole campaign.
  var purse: Purse { Purse(campaign: campaign, daily: terms.daily, total: terms.total) }

  /// The budgets of a part: its share of what was left when the split began.
  func purse(part: Int, share: Double) -> Purse {
    Purse(
      campaign: parts[part], daily: Amount.share(share, of: terms.daily, after: campaign.splitToday),
      total: Amount.share(share, of: terms.total, after: campaign.splitInAll))
  }
}

extension Amount {
  /// A share of what is left of a budget, which may be unlimited.
  fileprivate static func share(_ share: Double, of budget: Int64, after spent: Int64) -> Int64 {
    budget == unlimited ? unlimited : Int64((Double(max(budget - spent, 0)) * share).rounded())
  }
}
