/// How much of the traffic is answered at random, so that its logs can tell what other answers would have brought.
public struct ExplorationSettings: Sendable, Equatable {
  /// Share of decisions that draw their ads from the best few, in [0, 1].
  public var share: Double
  /// Of how many best ads an exploring decision draws.
  public var topCount: Int
  /// Temperature of the draw, above 0, in units of ln score; higher is more random.
  public var temperature: Double
  /// Share of decisions whose first two ads change places, in [0, 1].
  public var slotSwapShare: Double

  public init(share: Double = 0, topCount: Int = 20, temperature: Double = 0.5, slotSwapShare: Double = 0) {
    self.share = share
    self.topCount = topCount
    self.temperature = temperature
    self.slotSwapShare = slotSwapShare
  }

  /// Whether no decision is random.
  var isOff: Bool { share <= 0 && slotSwapShare <= 0 }
}
