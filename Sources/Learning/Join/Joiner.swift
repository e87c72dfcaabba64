import Dispatch
import Events
import GRDB
import Locking

/// Makes the store's views of the log: joins clicks and conversions with their impressions, and closes windows.
///
/// Exactly once in effect: a step reads the cursor, joins the events after it and moves it, in one transaction, and
/// nothing is remembered elsewhere. So it can be killed at any instant, and any number of processes may join the same
/// log; they take turns. Memory is bounded by a step's events, whatever the backlog. The rules are at ``JoinStep``.
///
/// Calls block; run them in the background. All are safe from any thread.
public final class Joiner: Sendable {
  let log: EventLog
  let store: Store
  let configuration: JoinConfiguration
  let clock: @Sendable () -> Milliseconds
  let metrics = JoinMetrics()
  let audit = Locked(Audit())

  /// A joiner of `log` into `store`. `clock` tells the time of day.
  public init(
    log: EventLog, store: Store, configuration: JoinConfiguration = .init(),
    clock: @escaping @Sendable () -> Milliseconds = WallClock.now
  ) {
    self.log = log
    self.store = store
    self.configuration = configuration
    self.clock = clock
  }

  /// Joins up to `limit` events. When there are none and a window has run out meanwhile, appends an
  /// ``EventKind/clock`` event to the log, by which the next step closes it.
  ///
  /// - throws: ``JoinError`` when the store isn't of this log; an error of the log or the database: then nothing changed.
  @discardableResult
  public func step(limit: Int) throws -> JoinProgress {
    let start = DispatchTime.now().uptimeNanoseconds
    var progress = JoinProgress()
    var due = false
    var done: JoinStep?
    try store.writer.writeWithoutTransaction { db in
      try db.inTransaction(.immediate) {
        let cursor = try JoinCursor.load(db)
        let events = try log.read(after: cursor.offset, limit: max(1, limit))
        var step = try JoinStep(db, cursor: cursor, configuration: configuration)
        for (offset, event) in events { try step.join(event, at: offset) }
        try step.closeDue()
        if !events.isEmpty || step.exampleCount > 0 {
          try step.counts.save(db, clock: step.cursor.clock)
          try step.cursor.save(db)
        }
        progress = JoinProgress(
          eventCount: events.count, exampleCount: step.exampleCount, offset: step.cursor.offset)
        due = events.isEmpty && step.hasDue(at: clock())
        done = step
        return .commit
      }
    }
    if let done {
      metrics.record(done, nanoseconds: Int64(DispatchTime.now().uptimeNanoseconds - start))
    }
    if progress.eventCount == 0 { try checkLog(holds: progress.offset) }
    if due { try tick() }
    progress.isCaughtUp = progress.eventCount == 0 && !due
    return progress
  }

  /// Joins everything that the log holds, and closes every window that has run out.
  ///
  /// - parameter progress: is told the offset of the last joined event after each step.
  public func catchUp(progress: (Int64) -> Void = { _ in }) throws {
    while true {
      let step = try step(limit: configuration.stepEventCount)
      progress(step.offset)
      if step.isCaughtUp { return }
    }
  }

  /// Empties the derived tables and joins the whole log again; the result is the same as before, unless settings
  /// changed. Readers see the tables grow meanwhile. When it is interrupted, any joiner goes on with it.
  public func rebuild() throws {
    try store.writer.writeWithoutTransaction { db in
      try db.inTransaction(.immediate) {
        try Store.emptyDerivedTables(db)
        return .commit
      }
    }
    try catchUp()
  }

  private func tick() throws {
    let now = clock()
    try log.append([Event(kind: .clock, time: now, received: now)])
  }

  private func checkLog(holds offset: Int64) throws {
    guard log.lastOffset >= offset else {
      throw JoinError(
        "the store has joined \(offset) events, but the log holds \(log.lastOffset): it isn't the log of this store; "
          + "restore the log, or delete store.sqlite to rebuild it")
    }
  }
}

/// Why the join can't go on, and what to do.
public struct JoinError: Error, CustomStringConvertible {
  public let description: String

  init(_ description: String) {
    self.description = description
  }
}
