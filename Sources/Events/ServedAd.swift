/// One ad of one decision: what its token carries through the browser, and what the log keeps with every event.
public struct ServedAd: Sendable, Equatable {
  /// The decision that the ad is part of.
  public var decision: DecisionID
  /// Position on the page, 1 (best) to 255.
  public var slot: Int
  /// When the decision was made.
  public var time: Milliseconds
  /// Who looked at the page.
  public var user: String
  /// Raw values of the request, by context field.
  public var context: [String: String]
  /// Id of the ad.
  public var ad: String
  /// Raw values of the ad, by attribute, as they were when it was chosen.
  public var attributes: [String: String]
  /// Id of the model that predicted ``ctr``.
  public var model: String
  /// Arm of every experiment that the request took part in, by experiment.
  public var experiments: [String: String]
  /// What the order of the ads maximised.
  public var objective: Objective
  /// Predicted probability of a click in ``slot``.
  public var ctr: Double
  /// The advertiser's offer for a click, in currency units.
  public var bid: Double
  /// What a click costs, in currency units.
  public var price: Double
  /// Probability that this ad got this slot, given the context.
  public var propensity: Double
  /// What the events of this ad count for.
  public var traffic: Traffic

  public init(
    decision: DecisionID, slot: Int, time: Milliseconds, user: String, context: [String: String],
    ad: String,
    attributes: [String: String], model: String, experiments: [String: String] = [:],
    objective: Objective = .revenue,
    ctr: Double, bid: Double, price: Double, propensity: Double = 1, traffic: Traffic = .live
  ) {
    self.decision = decision
    self.slot = slot
    self.time = time
    self.user = user
    self.context = context
    self.ad = ad
    self.attributes = attributes
    self.model = model
    self.experiments = experiments
    self.objective = objective
    self.ctr = ctr
    self.bid = bid
    self.price = price
    self.propensity = propensity
    self.traffic = traffic
  }
}
