import Events
import Foundation

/// Something that goes wrong for a while, in a place, as strongly as it is told.
public struct Fault: Codable, Sendable, Equatable {
  public var kind: Kind
  /// Context fields and values of the requests that it touches, or the category of the ads; empty is everywhere.
  public var place: [String: String]
  /// The world's time.
  public var from: Milliseconds
  public var to: Milliseconds
  /// What it means is said at each ``Kind``.
  public var strength: Double
  /// The context field that is stuck or missing.
  public var field: String?
  /// What a stuck field says.
  public var value: String?

  /// What goes wrong. The raw values are the names in schedules and keys.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// Clicks happen, but a share of `strength` isn't reported.
    case clicksLost = "clicks_lost"
    /// A share of `strength` of the events is reported twice.
    case doubleLogging = "double_logging"
    /// A context field says the same `value` in a share of `strength` of the requests.
    case featureStuck = "feature_stuck"
    /// A context field is left out in a share of `strength` of the requests.
    case featureMissing = "feature_missing"
    /// A share of `strength` of the page views doesn't come.
    case trafficDrop = "traffic_drop"
    /// The page shows the ad of slot 1 in the place of slot 2 and the other way round.
    case slotSwap = "slot_swap"
    /// Machines open `strength` pages for each that people open, and click at random.
    case botBurst = "bot_burst"
    /// A share of `strength` of the page views doesn't come, and nothing is wrong: it is a holiday.
    case seasonalDip = "seasonal_dip"
    /// Bids of a category of ads are multiplied by 1 − `strength`.
    case priceCut = "price_cut"
    /// An old model serves, whatever is learnt.
    case staleModel = "stale_model"
    /// A model serves that is off by `strength` in the logit where the place is.
    case miscalibratedModel = "miscalibrated_model"

    /// Whether somebody should be woken up.
    public var isFault: Bool { self != .seasonalDip }
    /// Whether it is made at the server, by the holder of its admin token.
    var isAtServer: Bool { [.priceCut, .staleModel, .miscalibratedModel].contains(self) }
  }

  /// Whether a page view of the context at a time is touched.
  func touches(_ context: [String: String], at time: Milliseconds) -> Bool {
    from <= time && time < to && place.allSatisfy { context[$0.key] == $0.value }
  }
}
