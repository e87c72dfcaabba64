import Events
import Experiments
import HTTPServer
import Learning
import Ranking

/// Every setting of the system, one section a room, as written in `config/adloop.yaml`.
public struct Settings: Codable, Sendable, Equatable {
  /// The HTTP server: addresses, limits, deadlines, TLS.
  public var http = HTTPServer.Configuration()
  /// How a request is answered.
  public var ranking = RankingSettings()
  /// How budgets are spent and frequency caps are kept.
  public var delivery = DeliverySettings()
  /// How running experiments are watched.
  public var experiments = ExperimentSettings()
  /// When alerts are raised, and whom they are sent to.
  public var alerts = AlertSettings()
  /// The event log.
  public var log = EventLogConfiguration()
  /// What /log accepts.
  public var intake = IntakeSettings()
  /// What is told apart as invalid traffic.
  public var invalidTraffic = InvalidTrafficSettings()
  /// The join of impressions with clicks and conversions.
  public var join = JoinConfiguration()
  /// How long events are kept, and in which form.
  public var retention = RetentionSettings()
  /// Training by hand, with `adloop train`.
  public var training = TrainingSettings()
  /// The background trainer and the gate that its models must pass.
  public var trainer = TrainerConfiguration()

  public init() {}
}

/// How a request is answered when neither it nor an experiment says otherwise.
public struct RankingSettings: Codable, Sendable, Equatable {
  /// What the order of ads maximises.
  public var objective = Objective.revenue
  /// Ads of a decision.
  public var slots = 2
  /// The most ads that one request may ask for.
  public var slotsMax = 10
  /// Ids that one request may exclude.
  public var excludedMax = 100
  /// Lowest price of a click, in the bids' currency; ads that bid less aren't shown.
  public var reservePrice = 0.0
  /// `second` (generalised second price) or `first`.
  public var pricing = Pricing.second
  /// Ads of one advertiser in a decision; 0 is any number.
  public var adsPerAdvertiserMax = 0
  /// The ad attribute that names the advertiser.
  public var advertiserAttribute = "advertiser"
  /// Ads that one request may have explained by name, each of which takes milliseconds a million ads; 0 forbids it.
  public var explainedMax = 3
  /// Share of decisions that draw their ads at random from the best few, in [0, 1].
  public var explorationShare = 0.0
  /// Of how many best ads an exploring decision draws.
  public var explorationTopCount = 20
  /// Softmax temperature of the draw, in units of ln score; higher is more random.
  public var explorationTemperature = 0.5
  /// Share of decisions whose first two ads change places at random, which identifies the effect of the slot.
  public var slotSwapShare = 0.0
  /// Share of decisions that are kept whole in the log for analysis.
  public var decisionSampleShare = 0.01
  /// How often changes of models, catalog and experiments are looked for.
  public var refreshMilliseconds = 200

  public init() {}
}

/// What /log accepts.
public struct IntakeSettings: Codable, Sendable, Equatable {
  /// Events of one call.
  public var eventsPerCallMax = 10_000
  /// How far in the future an event's time may lie; further ones are rejected. For simulated time, set it as long as that.
  public var clockSkewSecondsMax = 300
  /// How long before its decision an event may lie, by the sender's clock; earlier ones are kept as invalid. A day covers
  /// clocks that are set to another zone.
  public var timeBeforeDecisionSecondsMax = 86_400
  /// How old a decision may be when its events arrive; events of older ones are kept as expired.
  public var tokenAgeSecondsMax = 30 * 86_400

  public init() {}
}
