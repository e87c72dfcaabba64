import Foundation
import Statistics

/// Tells whether the latest traffic is as at the same time in the past weeks.
///
/// Expected is the median of the same steps of up to four past weeks, or of past days in a system younger than two weeks.
/// The scale is the counting noise of the window and of that median, times the usual scatter: a robust standard deviation
/// (1.4826 times the median distance from 0, as the MAD) of a week's deviations in units of that noise, never less than 1.
public struct AnomalyDetector: Sendable {
  /// When a window is out of the ordinary.
  public struct Limits: Sendable {
    /// Deviations in units of the scale.
    public var standardErrorsMin = 5.0
    /// Relative change that is worth a word.
    public var relativeChangeMin = 0.1

    public init() {}
  }

  /// What was found of one signal.
  public struct Finding: Sendable, Equatable {
    public let signal: AlertSignal
    public let isOff: Bool
    public let value: Double
    public let expected: Double
    /// Negative when the value is below.
    public let standardErrors: Double
    public let words: String
  }

  /// Lengths of the windows that end with a step, in steps: 5 minutes, and 15 and 60, in which smaller changes show.
  static let widths = [1, 3, 12]
  /// Fewer things than this in a window say nothing.
  static let eventCountMin = 25.0
  /// Shares of faulty events may rise by this much.
  static let faultShareRiseMin = 0.01
  /// Without two past weeks, weekdays and growth can't be told from faults: only drops to less than this share of what is
  /// expected, and rises to more than its inverse, are told of.
  static let youngShareMin = 0.4
  private static let referenceWeekCount = 4
  private static let referenceDayCount = 6
  private static let referenceDayCountMin = 3
  /// Scatter before it can be learnt.
  private static let unknownScatter = 2.0
  private static let scatterSampleCountMin = 24
  /// A sample every two hours.
  private static let scatterSampleSteps = 120 / TrafficSeries.stepMinutes

  private let limits: Limits
  private var scatters: [Key: (value: Double, step: Int)] = [:]

  private struct Key: Hashable {
    let signal: AlertSignal
    let width: Int
  }

  private struct Deviation {
    let value: Double
    let expected: Double
    /// In units of counting noise.
    let deviation: Double
    let references: Int
    let isYoung: Bool
  }

  public init(_ limits: Limits = .init()) {
    self.limits = limits
  }

  /// What `step` and the hour up to it are like, one finding a signal; none for a signal of which too little is known.
  public mutating func findings(_ series: TrafficSeries, at step: Int) -> [Finding] {
    AlertSignal.allCases.compactMap { signal in
      let found = Self.widths.compactMap { finding(signal, series, step, width: $0) }
      return found.first(where: \.isOff) ?? found.first
    }
  }

  private mutating func finding(_ signal: AlertSignal, _ series: TrafficSeries, _ step: Int, width: Int) -> Finding? {
    guard let now = Self.deviation(signal, series, step, width) else { return nil }
    let scatter = now.isYoung ? Self.unknownScatter : scatter(Key(signal: signal, width: width), series, step)
    let errors = now.deviation / scatter
    let isOff = isMaterial(signal, now) && errors.magnitude >= limits.standardErrorsMin
    return Finding(
      signal: signal, isOff: isOff, value: now.value, expected: now.expected, standardErrors: errors,
      words: Self.words(signal, now, errors: errors, minutes: width * TrafficSeries.stepMinutes))
  }

  private func isMaterial(_ signal: AlertSignal, _ now: Deviation) -> Bool {
    let change = now.value - now.expected
    if signal.isFaultShare { return change > Self.faultShareRiseMin }
    if now.isYoung {
      return now.value < Self.youngShareMin * now.expected || now.expected < Self.youngShareMin * now.value
    }
    return change.magnitude >= limits.relativeChangeMin * now.expected.magnitude
  }

  private static func deviation(_ signal: AlertSignal, _ series: TrafficSeries, _ step: Int, _ width: Int) -> Deviation?
  {
    guard let sums = series.sums(through: step, count: width) else { return nil }
    func past(_ period: Int, _ count: Int) -> [TrafficMeasures] {
      (1...count).compactMap { series.sums(through: step - $0 * period, count: width) }
    }
    let weeks = past(TrafficSeries.weekStepCount, referenceWeekCount)
    let isYoung = weeks.count < 2
    let references = isYoung ? past(TrafficSeries.dayStepCount, referenceDayCount) : weeks
    guard !isYoung || references.count >= referenceDayCountMin else { return nil }
    let usable = references.filter { signal.denominator($0).map { $0 > 0 } ?? true }
    let count = Double(usable.count)
    let levels = usable.map { signal.numerator($0) / (signal.denominator($0) ?? 1) }
    guard let level = RobustZ.median(levels), let usualEvents = RobustZ.median(usable.map(signal.events)) else {
      return nil
    }
    let units = signal.denominator(sums)
    let expected = level * (units ?? 1)
    guard (units ?? usualEvents) >= eventCountMin, usualEvents >= eventCountMin else { return nil }
    if signal == .ctr, expected < eventCountMin { return nil }
    let usual = usable.min {
      (signal.events($0) - usualEvents).magnitude < (signal.events($1) - usualEvents).magnitude
    }
    guard let usual else { return nil }
    let variance = signal.variance(expected: expected, sums: sums, usual: usual)
    // A median of n has π/2n of the variance of one; that of a rate is in proportion to the units.
    let ofReference = Double.pi / 2 / count * (units.map { $0 / usualEvents } ?? 1)
    let noise = (variance * (1 + ofReference)).squareRoot()
    guard noise > 0 else { return nil }
    let numerator = signal.numerator(sums)
    return Deviation(
      value: numerator / (units ?? 1), expected: level, deviation: (numerator - expected) / noise,
      references: usable.count, isYoung: isYoung)
  }

  /// The usual scatter, learnt anew once a day.
  private mutating func scatter(_ key: Key, _ series: TrafficSeries, _ step: Int) -> Double {
    if let known = scatters[key], step - known.step < TrafficSeries.dayStepCount { return known.value }
    let past = stride(
      from: step - TrafficSeries.dayStepCount / 24, to: step - TrafficSeries.weekStepCount,
      by: -Self.scatterSampleSteps)
    let distances = past.compactMap { Self.deviation(key.signal, series, $0, key.width)?.deviation.magnitude }
    let isKnown = distances.count >= Self.scatterSampleCountMin
    let value = isKnown ? max(1, 1.4826 * (RobustZ.median(distances) ?? 1)) : Self.unknownScatter
    scatters[key] = (value, step)
    return value
  }

  private static func words(_ signal: AlertSignal, _ now: Deviation, errors: Double, minutes: Int) -> String {
    func text(_ number: Double) -> String { String(format: "%.4g", number) }
    let change =
      now.expected == 0 || signal.isFaultShare
      ? "" : String(format: "%.0f %% ", 100 * (now.value / now.expected - 1).magnitude)
    let direction = now.value < now.expected ? "below" : "above"
    let references = "\(now.references) past \(now.isYoung ? "days" : "weeks")"
    return "\(signal.words) of the last \(minutes) minutes \(change)\(direction) the same time in \(references): "
      + "\(text(now.value)) against \(text(now.expected)), \(String(format: "%.1f", errors.magnitude)) standard errors"
  }
}
