import Events
import Foundation
import Learning
import Logging
import Metrics

/// Keeps the size of what lasts within bounds: archives old days of the log, lets the views forget old rows, deletes old
/// archives, and shows how much there is.
public struct Upkeep: Sendable {
  private let system: AdSystem
  private let settings: RetentionSettings
  private let metrics = UpkeepMetrics()

  private static let millisecondsPerDay = 86_400_000.0
  /// Beyond the time for which events are accepted: for clocks that differ and what is still under way.
  private static let marginDays = 1.0

  public init(_ system: AdSystem) {
    self.system = system
    settings = system.settings.retention
  }

  /// Does what is due at `now`. Everything that was joined and is old enough is moved or deleted in small transactions;
  /// killed at any instant, the next call goes on.
  ///
  /// - parameter progress: told what is being done, and how many events or offsets of it.
  @discardableResult
  public func step(now: Milliseconds, progress: (String, Int) -> Void = { _, _ in }) throws -> UpkeepReport {
    var report = UpkeepReport()
    let joined = try system.store.joinedThrough()
    if let time = time(now, minus: settings.archiveAfterDays) {
      report.archived = try system.log.archive(before: time, through: joined.offset) { progress("archive", $0) }
    }
    // The join's clock: what it hasn't joined yet was received later.
    let clock = min(now, joined.clock)
    if let time = time(clock, minus: forgetDays) {
      report.forgottenThrough = try system.store.forget(receivedBefore: time) { progress("forget", $0) }
    }
    if let time = time(now, minus: settings.deleteAfterDays) {
      report.deleted = try system.log.deleteArchive(before: time, through: report.forgottenThrough)
    }
    report.deleted += try deleteBeyondLimit(clock: clock, progress: progress)
    report.size = try SystemSize(system)
    metrics.record(report)
    return report
  }

  /// Deletes the oldest archived days while everything is larger than the limit; none that events may still be sent for.
  private func deleteBeyondLimit(
    clock: Milliseconds, progress: (String, Int) -> Void
  ) throws -> [ArchivedDayReport] {
    var deleted: [ArchivedDayReport] = []
    while settings.byteCountMax > 0, try SystemSize(system).usedByteCount > settings.byteCountMax {
      guard let oldest = try system.log.archivedDays().first?.day, let youngest = time(clock, minus: acceptedDays)
      else {
        break
      }
      let end = oldest.end
      guard end <= youngest else { break }
      let through = try system.store.forget(receivedBefore: end) { progress("forget", $0) }
      let gone = try system.log.deleteArchive(before: end, through: through)
      if gone.isEmpty { break }
      deleted += gone
    }
    return deleted
  }

  /// For how long events about a decision are accepted and joined.
  private var acceptedDays: Double {
    let seconds = max(
      Double(system.settings.intake.tokenAgeSecondsMax), system.settings.join.clickWindowSeconds,
      system.settings.join.conversionWindowSeconds)
    return seconds / 86_400 + Self.marginDays
  }

  private var forgetDays: Double {
    settings.forgetAfterDays == 0 ? 0 : max(settings.forgetAfterDays, acceptedDays)
  }

  /// The time so many days before; `nil` for 0 days, which mean for ever.
  private func time(_ now: Milliseconds, minus days: Double) -> Milliseconds? {
    days > 0 ? now - Milliseconds(min(days, 36_500) * Self.millisecondsPerDay) : nil
  }
}

/// What one round of upkeep did.
public struct UpkeepReport: Codable, Sendable {
  public internal(set) var archived: [ArchivedDayReport] = []
  public internal(set) var deleted: [ArchivedDayReport] = []
  /// Log offset through which the views hold sums only.
  public internal(set) var forgottenThrough: Int64 = 0
  public internal(set) var size = SystemSize()
}
