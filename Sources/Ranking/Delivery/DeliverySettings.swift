import Catalog
import Foundation

/// How budgets are spent and frequency caps are kept.
public struct DeliverySettings: Codable, Sendable, Equatable {
  /// Where a day of a daily budget begins at midnight: a name of the IANA time zone database.
  public var timeZone = "UTC"
  /// Of budgets that don't say it themselves: `asap`, or `even` along the day's traffic.
  public var pacing = Budget.Pacing.asap
  /// How often pacing looks at what was spent.
  public var pacingSeconds = 10.0
  /// How long the expected cost of a served ad (price × CTR) counts as spent, for clicks that are still to come; 0 is off.
  /// Set it to the usual delay of clicks when campaigns spend more than 1 % of a budget within that delay.
  public var reservationSeconds = 0.0
  /// Pairs of user and campaign whose impressions are counted for frequency caps, 16 bytes each; beyond them the counts
  /// that would end first are forgotten.
  public var frequencyCountMax = 1_048_576

  public init() {}

  /// - throws: ``DeliveryError`` when the time zone isn't known or a number makes no sense.
  func validated() throws -> (settings: DeliverySettings, timeZone: TimeZone) {
    guard let zone = TimeZone(identifier: timeZone) else {
      throw DeliveryError("delivery.time_zone is '\(timeZone)'; give a name such as UTC or Europe/Berlin")
    }
    guard pacingSeconds > 0, pacingSeconds.isFinite, reservationSeconds >= 0, reservationSeconds.isFinite else {
      throw DeliveryError("delivery.pacing_seconds must be above 0 and delivery.reservation_seconds 0 or more")
    }
    guard (1...(1 << 30)).contains(frequencyCountMax) else {
      throw DeliveryError("delivery.frequency_count_max is \(frequencyCountMax); give 1 to \(1 << 30)")
    }
    return (self, zone)
  }
}

/// Why the settings of delivery can't be used, and what to do.
public struct DeliveryError: Error, CustomStringConvertible, Equatable {
  public let description: String

  init(_ description: String) {
    self.description = description
  }
}
