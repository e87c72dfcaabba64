/// What may be spent on an ad, in currency units.
public struct Budget: Codable, Sendable, Hashable {
  /// Amount a day, finite and not below 0; `nil` for no bound.
  public var daily: Double?
  /// Amount over the ad's life, finite and not below 0; `nil` for no bound.
  public var total: Double?
  /// Name of the campaign whose ads share the amounts; `nil` when they are this ad's alone.
  public var campaign: String?

  public init(daily: Double? = nil, total: Double? = nil, campaign: String? = nil) {
    self.daily = daily
    self.total = total
    self.campaign = campaign
  }
}
