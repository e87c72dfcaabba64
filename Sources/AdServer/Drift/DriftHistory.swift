import Events
import Features
import Learning
import Monitoring

/// Compares the distributions of a window with what they were, as the store knows it.
///
/// Distributions are counted from the events that the store keeps anyway: serving pays nothing for them, and every past
/// window can be asked about.
public struct DriftHistory {
  private let store: Store
  private let schema: Schema

  /// Hours of a week.
  private static let weekHours = 168
  /// Shifts in whole days of the pairs that limits are learnt from …
  private static let pairDays = Array(1...14)
  /// … for windows longer than a day, and for systems that are younger than a few days, in lengths of the window.
  private static let longPairDays = [7, 14, 21]
  private static let pairLengths = Array(2...13)

  public init(_ system: AdSystem) {
    self.init(system.store, system.schema)
  }

  init(_ store: Store, _ schema: Schema) {
    (self.store, self.schema) = (store, schema)
  }

  /// Compares `window` with the same hours last week, or with the time just before when last week has too few impressions.
  /// Limits are learnt from earlier windows compared in the same manner.
  ///
  /// - throws: `WindowError` unless it consists of full hours; an error of the store.
  public func report(_ window: DiagnosisWindow) throws -> DriftReport {
    guard window.isWhole else { throw WindowError("distributions are compared by full hours, such as the last 3h") }
    var known: [UTCHour: [DriftSubject: ObservedDistribution]] = [:]
    let length = window.hourCount
    func distributions(hoursBack: Int) throws -> [DriftSubject: ObservedDistribution] {
      let start = window.firstHour + -hoursBack
      if let read = known[start] { return read }
      let read = try WindowDistributions.read(store, schema, start.time..<(start + length).time)
      known[start] = read
      return read
    }
    let isWeekly = try length <= Self.weekHours && Self.isEnough(distributions(hoursBack: Self.weekHours))
    let lag = isWeekly ? Self.weekHours : length
    func pairs(_ shifts: [Int]) throws -> [(
      before: [DriftSubject: ObservedDistribution], now: [DriftSubject: ObservedDistribution]
    )] {
      try shifts.compactMap { shift in
        let (before, now) = try (distributions(hoursBack: shift + lag), distributions(hoursBack: shift))
        return Self.isEnough(before) && Self.isEnough(now) ? (before, now) : nil
      }
    }
    let days = length > 24 ? Self.longPairDays : Self.pairDays
    var earlier = try pairs(days.map { $0 * 24 })
    if earlier.count < DriftLimits.pairCountMin, !isWeekly { earlier = try pairs(Self.pairLengths.map { $0 * length }) }
    return try DriftReport(
      window: window.firstHour..<window.endHour, reference: isWeekly ? .lastWeek : .timeBefore,
      referenceStart: window.firstHour + -lag, before: distributions(hoursBack: lag), now: distributions(hoursBack: 0),
      pairs: earlier)
  }

  private static func isEnough(_ distributions: [DriftSubject: ObservedDistribution]) -> Bool {
    distributions.values.contains { $0.total >= DriftReport.observationCountMin }
  }
}
