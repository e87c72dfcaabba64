import Events
import Features

/// What one decision asks of a ranker.
public struct RankRequest: Sendable {
  /// Raw values by context field; fields that neither the model nor the targeting knows are ignored.
  public var context: [String: String]
  /// Ads wanted; not above 0 gives none.
  public var slotCount: Int
  /// Ids of ads that must not be shown.
  public var excluded: Set<ExactText>
  public var objective: Objective
  /// Ads that bid less, in currency units a click, are not shown.
  public var reservePrice: Double
  /// When the request came, by which schedules are followed.
  public var time: Milliseconds
  /// The source of the decision's chance: equal requests with equal seeds get equal answers.
  public var seed: UInt64
  /// Which ads their campaigns let take part; `nil` for all.
  public var admission: Admission?
  /// How many ads of one advertiser a decision may have; `nil` for any number.
  public var diversity: Diversity?
  /// Advertisers that have all the ads they may have.
  var satiated: Satiated?

  public init(
    context: [String: String], slotCount: Int = 2, excluded: some Sequence<String> = [String](),
    objective: Objective = .revenue, reservePrice: Double = 0, time: Milliseconds = 0, seed: UInt64 = 0,
    admission: Admission? = nil, diversity: Diversity? = nil
  ) {
    self.context = context
    self.slotCount = slotCount
    self.excluded = Set(excluded.map { ExactText($0) })
    self.objective = objective
    self.reservePrice = reservePrice
    self.time = time
    self.seed = seed
    self.admission = admission
    self.diversity = diversity
  }

  /// Whether the ad in a row may take part as far as its campaign and its advertiser are concerned.
  func admits(_ row: Int) -> Bool {
    if let satiated, satiated.contains(row) { return false }
    return admission?.admits(row, seed: seed) ?? true
  }
}
