/// How the campaigns of a catalog stand.
public struct DeliverySummary: Codable, Sendable, Equatable {
  /// Campaigns with a budget or cap.
  public var campaigns = 0
  /// Those that have spent their day's or their total budget.
  public var exhausted = 0
  /// Those that pacing holds back at the moment.
  public var paced = 0
  /// Spent today, in currency units.
  public var spentToday = 0.0
  /// What was spent beyond budgets, as a share of all that campaigns with budgets have spent today; 0 before the first.
  public var overDeliveryRatio = 0.0
  /// Frequency counts that were forgotten before their end.
  public var evictedFrequencies = 0
}

extension CampaignLedger {
  /// How the campaigns of a map stand, in O(campaigns).
  public func summary(_ map: CampaignMap) -> DeliverySummary {
    var summary = DeliverySummary(campaigns: map.entries.count, evictedFrequencies: frequencies.evictionCount)
    var excess = 0.0
    for entry in map.entries {
      let (campaign, terms) = (entry.campaign, entry.terms)
      let beyond = max(campaign.spentToday - terms.daily, campaign.spentInAll - terms.total)
      summary.exhausted += beyond >= 0 ? 1 : 0
      summary.paced += terms.isPaced && ([campaign] + entry.parts).contains { $0.passProbability < 1 } ? 1 : 0
      summary.spentToday += Amount.units(campaign.spentToday)
      excess += Amount.units(min(max(beyond, 0), campaign.spentToday))
    }
    summary.overDeliveryRatio = summary.spentToday > 0 ? excess / summary.spentToday : 0
    return summary
  }
}
