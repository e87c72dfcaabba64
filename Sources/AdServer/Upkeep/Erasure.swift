import Events
import Learning

/// Erases one person from log, archive and views, counts again, and leaves a proof without the name in the log.
public struct Erasure {
  private let system: AdSystem

  public init(_ system: AdSystem) {
    self.system = system
  }

  /// Erases `user`; done again from the start when it was interrupted.
  ///
  /// Hourly and daily sums, counters and models, which name nobody, stay as they are; backups aren't touched.
  /// - parameter progress: told the events looked at so far.
  /// - throws: ``ErasureError`` when something of the person is found afterwards.
  public func run(user: String, now: Milliseconds, progress: (Int) -> Void = { _ in }) throws -> ErasureRecord {
    var before = try system.log.erase(user: user, progress: progress)
    before.viewRows = try system.store.erase(user: user)
    var after = try system.log.count(user: user, progress: progress)
    after.viewRows = try system.store.rowCount(user: user)
    let record = ErasureRecord(user: user, before: before, after: after)
    try system.log.record(record, at: now)
    guard after == ErasureRecord.Counts() else { throw ErasureError(after: after) }
    return record
  }
}

/// Events of the person came while they were being erased.
struct ErasureError: Error, CustomStringConvertible {
  let after: ErasureRecord.Counts

  var description: String {
    """
    \(after.logEvents + after.archivedEvents) events and \(after.viewRows) rows came while the person was erased; run it \
    again when the person's browser is quiet
    """
  }
}
