/// One metric of one arm against the control.
public struct Comparison: Codable, Sendable, Equatable {
  public let arm: String
  /// Name of the metric.
  public let metric: String
  public let control: Double
  public let value: Double
  public let absolute: Effect
  /// `nil` when the control's value is 0.
  public let relative: Effect?
  /// Two-sided, for an experiment read once, at a time fixed beforehand.
  public let pValue: Double
  /// Over all comparisons of the table, by Benjamini and Hochberg.
  public let adjustedPValue: Double
  /// For an experiment read at any time and as often as one likes: the smallest of all days so far.
  public let alwaysValidPValue: Double
  /// The same difference after taking out what the units did before the experiment; `nil` without a past.
  public let adjusted: Adjusted?
  public let verdict: Verdict

  /// A difference with its two intervals.
  public struct Effect: Codable, Sendable, Equatable {
    public let difference: Double
    /// Valid when the experiment is read once, at a time fixed beforehand.
    public let fixedHorizon: Interval
    /// Valid at all times together.
    public let alwaysValid: Interval
  }

  /// CUPED's estimate of the absolute difference.
  public struct Adjusted: Codable, Sendable, Equatable {
    public let difference: Double
    public let fixedHorizon: Interval
    public let alwaysValid: Interval
    public let pValue: Double
    /// Share of the variance that the past explains; negative when it misleads.
    public let varianceReduction: Double?
  }

  public enum Verdict: String, Codable, Sendable {
    /// Too few units, or too few with anything to count, for the intervals to hold.
    case tooLittleData
    /// The difference may be chance.
    case open
    case higher
    case lower
    /// The sample ratio is wrong, so the numbers can't be trusted.
    case invalid
  }
}
