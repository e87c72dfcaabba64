import Events
import Foundation
import Learning
import Logging
import Metrics
import Monitoring

/// Follows the traffic step by step, raises and resolves alerts, and keeps each change in the log.
///
/// Not thread-safe: one background loop steps it. It has no clock of its own.
final class AlertWatch {
  /// Events of a step that come later than this after it are not seen.
  static let settlingMilliseconds: Milliseconds = 90_000
  private static let driftPrefix = "drift: "

  private let system: AdSystem
  private let table: TrafficSeriesTable
  private let webhook: Webhook?
  private let logger: Logger
  private let metrics = AlertMetrics()
  private var detector: AnomalyDetector
  private var book: AlertBook
  private var series: TrafficSeries?
  /// What is older was over when this began, and raises no alert.
  private var firstStep: Int?
  /// What the last full hour said of each distribution.
  private var drift: [AlertBook.Observation] = []
  private var driftHour: UTCHour?

  /// - throws: an error of the store.
  init(_ system: AdSystem, webhook: Webhook?, logger: Logger) throws {
    let settings = system.settings.alerts
    self.system = system
    self.webhook = webhook
    self.logger = logger
    table = TrafficSeriesTable(store: system.store)
    var limits = AnomalyDetector.Limits()
    limits.standardErrorsMin = settings.standardErrorsMin
    limits.relativeChangeMin = settings.relativeChangeMin
    detector = AnomalyDetector(limits)
    book = AlertBook(
      pendingMinutes: settings.pendingMinutes, resolvingMinutes: settings.resolvingMinutes,
      active: try AlertHistory(system).active())
  }

  /// Looks at every step of the traffic that is complete at `now`.
  func step(now: Milliseconds) throws {
    let joined = try system.store.joinedThrough()
    let clock = joined.offset >= system.log.lastOffset ? now : min(now, joined.clock)
    let end = Int((clock - Self.settlingMilliseconds) / TrafficSeriesTable.stepLength)
    firstStep = firstStep ?? end
    guard var next = try nextStep(before: end) else { return }
    while next < end {
      let steps = next..<min(end, next + TrafficSeriesTable.readStepCountMax)
      let read = try table.read(steps)
      try table.keep(read, droppingBefore: steps.upperBound - TrafficSeries.stepCountMax)
      for (step, measures) in read { try look(step, measures) }
      next = steps.upperBound
    }
  }

  /// The first step that isn't known yet; `nil` before there is any traffic.
  private func nextStep(before end: Int) throws -> Int? {
    if series == nil {
      series = try table.kept().reduce(into: TrafficSeries()) { $0.append($1.measures, at: $1.step) }
    }
    if let known = series?.end { return known }
    return try table.firstStep().map { max($0, end - TrafficSeries.stepCountMax) }
  }

  private func look(_ step: Int, _ measures: TrafficMeasures) throws {
    series?.append(measures, at: step)
    guard let series, let firstStep, step >= firstStep else { return }
    let time = Milliseconds(step + 1) * TrafficSeriesTable.stepLength
    let found = detector.findings(series, at: step).map {
      AlertBook.Observation(name: $0.signal.rawValue, isOff: $0.isOff, words: $0.words)
    }
    try lookAtDrift(UTCHour(of: time))
    try tell(book.step(found + drift, at: time))
  }

  /// Compares the hour before `hour` with last week, once; before there are weeks to learn limits from nothing is said.
  private func lookAtDrift(_ hour: UTCHour) throws {
    guard hour != driftHour, let window = DiagnosisWindow(from: (hour + -1).time, to: hour.time) else { return }
    driftHour = hour
    let report = try DriftHistory(system).report(window)
    let rows =
      report.reference == .lastWeek ? report.rows.filter { $0.subject.model == nil && $0.subject.arm == nil } : []
    drift = rows.map { row in
      let isCalibrated = row.pairCount ?? 0 >= DriftLimits.pairCountMin
      return .init(
        name: Self.driftPrefix + row.subject.words, isOff: row.verdict == .drifted && isCalibrated,
        words: "\(row.subject.words) from \(hour + -1) to \(hour) UTC against last week: \(row.words)")
    }
    let known = Set(drift.map(\.name))
    drift += book.active.filter { $0.name.hasPrefix(Self.driftPrefix) && !known.contains($0.name) }.map {
      .init(name: $0.name, isOff: false, words: "too little is left to compare")
    }
  }

  /// First the log, so that nothing is told that a restart would forget.
  private func tell(_ changes: [Alert]) throws {
    metrics.show(book)
    guard !changes.isEmpty else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let payloads = try changes.map { try encoder.encode($0) }
    try system.log.append(
      zip(changes, payloads).map { Event(kind: .alert, time: $0.time, received: $0.time, payload: Array($1)) })
    for (alert, payload) in zip(changes, payloads) where alert.state == .firing || alert.state == .resolved {
      logger.warning("alert \(alert.name) is \(alert.state.rawValue): \(alert.reason)")
      webhook?.send(payload)
    }
  }
}
