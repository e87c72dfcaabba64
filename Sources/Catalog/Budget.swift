import Features

/// What may be spent on an ad, in currency units, and how often one reader may see it.
///
/// Ads of one campaign share the amounts. Where they differ, the campaign has the smallest of each amount, the frequency cap
/// that allows the fewest impressions (then the longest time), and is paced when one of its ads asks for it; each ad is
/// billed in its own way.
public struct Budget: Codable, Sendable, Hashable {
  /// Amount a day, finite and not below 0; `nil` for no bound.
  public var daily: Double?
  /// Amount over the ad's life, finite and not below 0; `nil` for no bound.
  public var total: Double?
  /// Name of the campaign whose ads share the amounts; `nil` when they are this ad's alone.
  public var campaign: String?
  public var billing: Billing
  /// `nil` leaves it to the system's settings.
  public var pacing: Pacing?
  public var frequencyCap: FrequencyCap?

  /// What costs money.
  public enum Billing: String, Codable, Sendable, CaseIterable {
    /// A click costs its price.
    case cpc
    /// An impression costs a thousandth of its price.
    case cpm
  }

  /// How a day's amount is spread over the day.
  public enum Pacing: String, Codable, Sendable, CaseIterable {
    /// As soon as possible.
    case asap
    /// Along the day's traffic.
    case even
  }

  /// The most impressions of a campaign to one user in a span of time.
  public struct FrequencyCap: Codable, Sendable, Hashable {
    /// 1 to 65,535.
    public var impressions: Int
    /// Span that begins with the first impression, 1 second to a year.
    public var seconds: Int

    public init(impressions: Int, seconds: Int) {
      self.impressions = impressions
      self.seconds = seconds
    }
  }

  /// Campaigns are the same when their bytes are.
  public static func == (first: Budget, second: Budget) -> Bool {
    first.daily == second.daily && first.total == second.total && first.billing == second.billing
      && first.pacing == second.pacing && first.frequencyCap == second.frequencyCap
      && first.campaign.map { ExactText($0) } == second.campaign.map { ExactText($0) }
  }

  public init(
    daily: Double? = nil, total: Double? = nil, campaign: String? = nil, billing: Billing = .cpc,
    pacing: Pacing? = nil, frequencyCap: FrequencyCap? = nil
  ) {
    self.daily = daily
    self.total = total
    self.campaign = campaign
    self.billing = billing
    self.pacing = pacing
    self.frequencyCap = frequencyCap
  }
}
