/// Why revenue differed from its forecast in a window: how much, by which factor, and what caused it where.
public struct DiagnosisReport: Sendable, Codable, Equatable {
  /// Machinery, or what it serves?
  public enum Verdict: String, Sendable, Codable {
    case quiet, infrastructure, quality
  }

  /// A factor's part in the change of revenue.
  public struct FactorShare: Sendable, Codable, Equatable {
    public let factor: RevenueFactor
    /// Money; the contributions of all factors add up to `revenueChange`.
    public let contribution: Double
    /// Of the change of revenue, 1 = all of it; the shares add up to 1. `nil` when revenue didn't change.
    public let share: Double?
  }

  /// One cause of a drop.
  public struct Cause: Sendable, Codable, Equatable {
    /// Dimension → values, all dimensions at once; empty for the whole site.
    public let place: [String: [String]]
    public let factor: RevenueFactor
    public let kind: CauseKind
    /// The factor there against its forecast: −0.3 is 30 % less.
    public let relativeChange: Double
    /// Money lost in the window against the forecast, net of what the cause brought elsewhere; below 0 for a net gain.
    public let loss: Double
    /// Money lost in the place itself; more than `loss` when traffic or clicks moved elsewhere.
    public let lossInPlace: Double
    /// `loss` over the forecast revenue of the whole site.
    public let shareOfForecast: Double
    /// Standard errors by which the factor left its forecast.
    public let standardErrors: Double
    /// The first hour that belongs to the shifted level rather than to the level before.
    public let since: UTCHour
    /// Is the change of a size and form that happens to a part of the traffic without anything being wrong?
    public let isOrdinary: Bool
    /// The factor in the place, hour by hour.
    public let series: FactorSeries
    public let words: String
  }

  /// One hour of the day in question.
  public struct Hour: Sendable, Codable, Equatable {
    public let hour: UTCHour
    public let revenue: Double
    public let forecast: Double
    public let isInWindow: Bool
  }

  public let windowStart: UTCHour
  /// The first hour after the window.
  public let windowEnd: UTCHour
  public let referenceDays: [UTCHour]
  /// Does something wrong cost a material part of revenue?
  public let anomaly: Bool
  public let verdict: Verdict
  public let revenue: Double
  public let revenueForecast: Double
  public let factors: [FactorShare]
  /// Worst first: out of the ordinary before ordinary, then by loss.
  public let causes: [Cause]
  public let hours: [Hour]
  /// The factors of the whole site over `hours`.
  public let factorSeries: [FactorSeries]
  /// What was put right on unusual reference days, in words.
  public let repairs: [String]
  /// What the system did meanwhile; `nil` when only a table is known.
  public internal(set) var circumstances: Circumstances?
  /// The findings in sentences.
  public internal(set) var story: String

  public var revenueChange: Double { revenue - revenueForecast }
}
