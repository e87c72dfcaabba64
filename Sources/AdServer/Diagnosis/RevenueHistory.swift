import Events
import Features
import Foundation
import Learning
import Monitoring

/// Revenue by hour and segment, as the store knows it, for a diagnosis.
///
/// The unit of the funnel is a slot that was asked for: filled, seen, clicked, paid. Where a compared window has no report
/// of requests, such as one that was imported, the funnel begins at the impressions.
public struct RevenueHistory {
  private let store: Store
  private let fields: [Field]

  /// Context fields that say when it is, and not where.
  private static let timeFields: Set = ["hour", "day", "weekday"]
  /// Hours before the window, from which each day's own level is learnt.
  private static let hoursBefore = 3
  /// Days that the window is compared with, counted back: the same weekday.
  private static let weeklyReferences = [28, 21, 14, 7]
  /// Days for a system that is younger than a week.
  private static let dailyReferences = [6, 5, 4, 3, 2, 1]
  /// Fewer impressions than this on a day say nothing about its window.
  static let impressionCountMin = 100.0

  public init(_ system: AdSystem) {
    store = system.store
    // What follows from the time is the same in all compared hours, and other in the hours before them.
    fields = system.schema.contextFields.filter { !Self.timeFields.contains($0.name) }
  }

  /// Diagnoses a window against the same hours of the four weeks before, or of the days before when there is no such week.
  ///
  /// An open window in which all is as before is widened to a day: a drop that goes on for hours looks like nothing when
  /// only its last hour is compared with those before.
  ///
  /// - throws: `DiagnosisError` when there is too little to compare; it says how much, and what to do.
  public func diagnosis(_ window: DiagnosisWindow) throws -> DiagnosisReport {
    let first = try report(window)
    guard !first.anomaly else { return first }
    for wider in window.attempts.dropFirst() {
      guard let report = try? report(wider, askedFor: window), report.anomaly else { continue }
      return report
    }
    return first
  }

  private func report(_ window: DiagnosisWindow, askedFor: DiagnosisWindow? = nil) throws -> DiagnosisReport {
    let funnel = try HourlyFunnel(store, fields: fields, offset: window.offset)
    let days = try Days(funnel, window, hoursBefore: Self.hoursBefore)
    let weekly = try days.usable(Self.weeklyReferences)
    let references = try weekly.isEmpty ? days.usable(Self.dailyReferences) : weekly
    guard !references.isEmpty, days.has(0, before: true) else { throw try shortage(window, days, funnel) }
    let report = try Diagnosis.run(
      days.table(references + [0]), windowStart: window.firstHour, windowEnd: window.endHour,
      referenceDays: references.map { (window.firstHour + -$0 * 24).startOfDay })
    let widened = askedFor.map {
      "The window asked for, \($0), is like the hours just before it: the drop began earlier, and this is about the "
        + "window \(window)."
    }
    let minutes =
      window.isWhole ? nil : "The window is \(window); its hours, and those of other days, begin at its minute."
    let unpaid =
      report.revenueForecast == 0 && report.revenue == 0
      ? "No click has a price, here or on other days: imports take it from 'price' of the mapping file." : nil
    let notes = [widened, minutes, unpaid].compactMap { $0 } + Self.notes(references)
    return report.with(try circumstances(report.changePeriod, window, references, notes: notes))
  }

  private func circumstances(
    _ period: Range<UTCHour>, _ window: DiagnosisWindow, _ references: [Int], notes: [String]
  ) throws -> DiagnosisReport.Circumstances {
    let found = try ChangeHistory(store).changes(
      from: period.lowerBound.time + window.offset, to: period.upperBound.time + window.offset)
    let checks = try MachineryChecks(
      store, window: window.span(days: 0), references: references.map { window.span(days: $0) }
    ).run()
    return .init(
      checks: checks, from: period.lowerBound, to: period.upperBound, changes: found.changes,
      omittedChangeCount: found.omittedCount, notes: notes)
  }

  private static func notes(_ references: [Int]) -> [String] {
    let days = references.count == 1 ? "one earlier day" : "\(references.count) earlier days"
    if references.contains(where: { !$0.isMultiple(of: 7) }) {
      return ["Compared with \(days) of the same week, since no week before has data: weekdays may differ."]
    }
    return references.count < 3 ? ["Compared with \(days) only: chance is harder to tell from a drop."] : []
  }

  /// What there is, what is needed, and what to do.
  private func shortage(_ window: DiagnosisWindow, _ days: Days, _ funnel: HourlyFunnel) throws -> DiagnosisError {
    guard let extent = try funnel.extent() else {
      return .missingRows(
        "the store has no impression yet; serve traffic or import some days, or diagnose tables with --cases")
    }
    let (first, last) = (UTCHour(of: extent.lowerBound), UTCHour(of: extent.upperBound))
    guard days.has(0, before: true) else {
      return .missingRows(
        "the \(Self.hoursBefore) hours before \(window.firstHour) have fewer than \(Int(Self.impressionCountMin)) live "
          + "impressions (the store has them from \(first) to \(last)); choose a window that begins later, after hours "
          + "with traffic, with --last or --from and --to")
    }
    let earliest = first + (24 + 1 + (window.hourCount - 1) / 24 * 24)
    let remedy =
      earliest > window.firstHour
      ? "wait for a window that begins at \(earliest) or later" : "choose a window with --from and --to"
    return .missingRows(
      "no earlier day has \(Int(Self.impressionCountMin)) live impressions in the same hours and as many in the "
        + "\(Self.hoursBefore) hours before them; the store has them from \(first) to \(last), and one such day is needed: "
        + remedy)
  }
}

/// The window on several days, each read when it is asked for.
private final class Days {
  private let funnel: HourlyFunnel
  private let window: DiagnosisWindow
  private let hoursBefore: Int
  private var impressions: [Int: [HourlyFunnel.Part]] = [:]

  /// - throws: an error of the store.
  init(_ funnel: HourlyFunnel, _ window: DiagnosisWindow, hoursBefore: Int) throws {
    self.funnel = funnel
    self.window = window
    self.hoursBefore = hoursBefore
    try read(0)
  }

  private func read(_ day: Int) throws {
    guard impressions[day] == nil else { return }
    impressions[day] = try funnel.impressions(window.span(days: day, hoursBefore: hoursBefore))
  }

  /// Those of `days` that end before the window's hours begin and have enough traffic to compare with.
  func usable(_ days: [Int]) throws -> [Int] {
    try days.filter { day in
      guard day * 24 >= (window.hourCount + 23) / 24 * 24 else { return false }
      try read(day)
      return has(day, before: true) && has(day, before: false)
    }
  }

  func has(_ day: Int, before: Bool) -> Bool {
    let start = window.firstHour + -day * 24
    let parts = impressions[day, default: []].filter { ($0.hour < start) == before }
    return parts.reduce(0) { $0 + $1.measures.impressions } >= RevenueHistory.impressionCountMin
  }

  func table(_ days: [Int]) throws -> RevenueTable {
    let requests = try days.map { try funnel.requests(window.span(days: $0, hoursBefore: hoursBefore)) }
    let isWhole = requests.allSatisfy { !$0.isEmpty }
    let models = comparableModels(days)
    var table = RevenueTable(dimensions: funnel.dimensions)
    for var part in days.flatMap({ impressions[$0, default: []] }) {
      if !isWhole {
        part.measures.requests = part.measures.impressions
        part.measures.filled = part.measures.impressions
      }
      try table.append(hour: part.hour, values: funnel.pooled(part, keeping: models), measures: part.measures)
    }
    for part in requests.joined() where isWhole {
      try table.append(hour: part.hour, values: funnel.pooled(part, keeping: models), measures: part.measures)
    }
    return table
  }

  /// The models that served before and in the window on all days: only they can be compared with themselves.
  private func comparableModels(_ days: [Int]) -> Set<String> {
    let served = days.flatMap { day in
      let start = window.firstHour + -day * 24
      return [true, false].map { before in
        Set(impressions[day, default: []].filter { ($0.hour < start) == before }.map(funnel.model))
      }
    }
    return served.dropFirst().reduce(served.first ?? []) { $0.intersection($1) }
  }
}
