import Events

/// The answers: what was made to go wrong in a run, where, when and how strongly.
public struct FaultKey: Codable, Sendable, Equatable {
  public var seed: UInt64
  public var start: String
  public var end: String
  public var faults: [Answer]

  /// One fault as it really was.
  public struct Answer: Codable, Sendable, Equatable {
    public var fault: String
    /// Whether somebody should be woken up; false for a dip that has no fault.
    public var isFault: Bool
    public var place: [String: String]
    public var from: String
    public var to: String
    public var strength: Double
    public var field: String?
    public var value: String?
    /// The measures that change by it, and how, in words.
    public var changes: String
    /// Why it could not be made, `nil` when it was.
    public var leftOut: String?
  }

  init(_ plan: TrafficPlan, seed: UInt64, leftOut: [Int: String]) {
    self.seed = seed
    start = TimeText.string(plan.start)
    end = TimeText.string(plan.end)
    faults = plan.faults.faults.enumerated().map { index, fault in
      Answer(
        fault: fault.kind.rawValue, isFault: fault.kind.isFault, place: fault.place, from: TimeText.string(fault.from),
        to: TimeText.string(fault.to), strength: fault.strength, field: fault.field, value: fault.value,
        changes: fault.kind.changes, leftOut: leftOut[index])
    }
  }
}

extension Fault.Kind {
  /// What it changes, and nothing else.
  var changes: String {
    switch self {
    case .clicksLost: "reported clicks fall by the strength; requests, impressions and true clicks stay"
    case .doubleLogging: "duplicate events rise by the strength; what counts stays"
    case .featureStuck: "the field says one value; the true context stays, so that predictions and CTR get worse"
    case .featureMissing: "the field is left out; the true context stays, so that predictions and CTR get worse"
    case .trafficDrop: "requests fall by the strength; rates stay"
    case .slotSwap: "CTR by slot changes places; requests and impressions stay"
    case .botBurst: "requests and impressions rise by the strength, with clicks that no ad explains; people's stay"
    case .seasonalDip: "requests fall by the strength; rates stay; nothing is wrong"
    case .priceCut: "bids of the category fall by the strength, and with them its price and place"
    case .staleModel: "the model of the answers is an old one; regret rises"
    case .miscalibratedModel: "predictions are off by the strength in the logit in the place; prices and regret follow"
    }
  }
}
