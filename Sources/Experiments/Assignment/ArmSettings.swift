import Events
import Ranking

/// What an arm changes about a request; whatever is `nil` stays as it is configured for everybody.
public struct ArmSettings: Codable, Sendable, Equatable {
  /// Id of the model to rank with; `nil` is the current one, which a file may also spell `current`.
  public var model: String?
  public var objective: Objective?
  public var exploration: Exploration?
  /// Share of decisions whose two best ads change places at random, in [0, 1].
  public var slotSwapShare: Double?
  /// Lowest price of a click, in currency units.
  public var reservePrice: Double?
  public var pricing: Pricing?
  /// Ads of a decision whose request doesn't say how many.
  public var slots: Int?
  /// Ads of one advertiser in a decision; 0 is any number.
  public var adsPerAdvertiserMax: Int?

  public init(
    model: String? = nil, objective: Objective? = nil, exploration: Exploration? = nil, slotSwapShare: Double? = nil,
    reservePrice: Double? = nil, pricing: Pricing? = nil, slots: Int? = nil, adsPerAdvertiserMax: Int? = nil
  ) {
    self.model = model
    self.objective = objective
    self.exploration = exploration
    self.slotSwapShare = slotSwapShare
    self.reservePrice = reservePrice
    self.pricing = pricing
    self.slots = slots
    self.adsPerAdvertiserMax = adsPerAdvertiserMax
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case model, objective, exploration, pricing, slots
    case slotSwapShare = "slot_swap_share"
    case reservePrice = "reserve_price"
    case adsPerAdvertiserMax = "ads_per_advertiser_max"
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    let model = try values.decodeIfPresent(String.self, forKey: .model)
    self.model = model == "current" ? nil : model
    objective = try values.decodeIfPresent(Objective.self, forKey: .objective)
    exploration = try values.decodeIfPresent(Exploration.self, forKey: .exploration)
    slotSwapShare = try values.decodeIfPresent(Double.self, forKey: .slotSwapShare)
    reservePrice = try values.decodeIfPresent(Double.self, forKey: .reservePrice)
    pricing = try values.decodeIfPresent(Pricing.self, forKey: .pricing)
    slots = try values.decodeIfPresent(Int.self, forKey: .slots)
    adsPerAdvertiserMax = try values.decodeIfPresent(Int.self, forKey: .adsPerAdvertiserMax)
  }

  /// Names of the settings that aren't `nil`.
  public var names: Set<String> {
    let isSet: [(CodingKeys, Bool)] = [
      (.model, model != nil), (.objective, objective != nil), (.exploration, exploration != nil),
      (.slotSwapShare, slotSwapShare != nil), (.reservePrice, reservePrice != nil), (.pricing, pricing != nil),
      (.slots, slots != nil), (.adsPerAdvertiserMax, adsPerAdvertiserMax != nil),
    ]
    return Set(isSet.filter(\.1).map(\.0.rawValue))
  }

  /// These settings where they say something, and `other`'s where they don't.
  public func merged(over other: ArmSettings) -> ArmSettings {
    ArmSettings(
      model: model ?? other.model, objective: objective ?? other.objective,
      exploration: exploration ?? other.exploration, slotSwapShare: slotSwapShare ?? other.slotSwapShare,
      reservePrice: reservePrice ?? other.reservePrice, pricing: pricing ?? other.pricing, slots: slots ?? other.slots,
      adsPerAdvertiserMax: adsPerAdvertiserMax ?? other.adsPerAdvertiserMax)
  }
}
