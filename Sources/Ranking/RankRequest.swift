import Events

/// What one decision asks of a ranker.
public struct RankRequest: Sendable, Equatable {
  /// Raw values by context field; fields that neither the model nor the targeting knows are ignored.
  public var context: [String: String]
  /// Ads wanted; not above 0 gives none.
  public var slotCount: Int
  /// Ids of ads that must not be shown.
  public var excluded: Set<String>
  public var objective: Objective
  /// Ads that bid less, in currency units a click, are not shown.
  public var reservePrice: Double
  /// The source of the decision's chance: equal requests with equal seeds get equal answers.
  public var seed: UInt64

  public init(
    context: [String: String], slotCount: Int = 2, excluded: Set<String> = [], objective: Objective = .revenue,
    reservePrice: Double = 0, seed: UInt64 = 0
  ) {
    self.context = context
    self.slotCount = slotCount
    self.excluded = excluded
    self.objective = objective
    self.reservePrice = reservePrice
    self.seed = seed
  }
}
