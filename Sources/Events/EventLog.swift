import Dispatch
import Foundation
import GRDB
import Locking
import Logging
import Metrics
import Synchronization

/// The append-only log of everything that happens, in `events.sqlite` (SQLite, WAL, synchronous=FULL).
///
/// **The promise.** An event whose append was answered with a fate is on the disk: it survives a killed process, a
/// crashed system and a power cut, as far as the disk keeps what it has synced. It is visible to every reader before the
/// answer. Offsets ascend in the order of commits; the events of one append stand together, in their order. An append
/// that was answered with an error was not acknowledged: it may be sent again, and what of it did reach the disk after
/// all counts once (see ``AppendFate/duplicate`` and the join).
///
/// Appends of all threads share commits: while one commit waits for the disk, all that comes meanwhile gathers for the
/// next, and a lone append is committed at once. Several processes may append to one log. All calls are safe from any thread.
public final class EventLog: Sendable {
  /// What was found when the log was opened.
  public let report: EventLogReport

  let database: DatabasePool
  let archived: ArchivedLog
  private let configuration: EventLogConfiguration
  private let logger: Logger
  private let metrics = EventLogMetrics()
  private let commits = DispatchQueue(label: "adloop.event-log", qos: .userInitiated)
  private let queue = Locked(Queue())
  private let recentKeys: Locked<RecentKeys>
  private let lastOwnOffset: Atomic<Int64>

  /// What waits for the disk.
  private struct Queue {
    var waiting: [Append] = []
    /// Bytes of what waits or is being committed.
    var byteCount = 0
    var isCommitting = false
    /// Whether the last commit failed.
    var isFailing = false
    var isClosed = false
  }

  private struct Append: Sendable {
    let entries: [EventEntry]
    let byteCount: Int
    let start = DispatchTime.now()
    let completion: @Sendable (Result<[AppendFate], any Error>) -> Void
  }

  /// Opens the log in `directory`, and makes both when they don't exist.
  ///
  /// Recovers what a killed process left, checks the file's integrity (``report``) and reads the newest keys, so that
  /// duplicates across a restart are recognised.
  ///
  /// - throws: ``EventLogError``, `damaged` when the file isn't a sound log.
  public init(
    directory: URL, configuration: EventLogConfiguration = .init(),
    logger: Logger = Logger(label: "adloop.event-log")
  ) throws {
    self.configuration = configuration
    self.logger = logger
    archived = ArchivedLog(EventArchive(directory: directory.appending(path: "archive")))
    do {
      let file = directory.appending(path: "events.sqlite")
      let recoveredByteCount = EventLogReport.byteCount(file.path + "-wal")
      database = try Self.open(file, configuration: configuration)
      report = try EventLogReport.check(
        database, file: file, recoveredByteCount: recoveredByteCount, configuration: configuration)
      var keys = RecentKeys(countMin: configuration.rememberedEventCount)
      let newest = try database.read {
        try EventTable.newestKeys($0, count: configuration.rememberedEventCount)
      }
      for key in newest { keys.insert(key) }
      recentKeys = Locked(keys)
      lastOwnOffset = Atomic(report.lastOffset)
      logger.info("event log opened: \(report)")
    } catch { throw EventLogError(error) }
  }

  private static func open(_ file: URL, configuration: EventLogConfiguration) throws -> DatabasePool {
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    var settings = Configuration()
    settings.label = "adloop.event-log"
    settings.busyMode = .timeout(configuration.lockWaitSeconds)
    let database = try DatabasePool(path: file.path, configuration: settings)
    try database.writeWithoutTransaction { db in
      // GRDB sets synchronous to NORMAL when it opens a pool, after all hooks: so set it now, and read it back.
      try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4096; PRAGMA secure_delete = ON")
      guard try Int.fetchOne(db, sql: "PRAGMA synchronous") == 2 else {
        throw EventLogError.failed("SQLite refuses synchronous=FULL")
      }
      try db.inTransaction(.immediate) {
        try EventTable.create(db)
        return .commit
      }
    }
    return database
  }

  /// Stores events; `completion` is called once, with the fate of each, when they are durable.
  ///
  /// Encodes on the calling thread and returns at once. `completion` runs on the log's own queue, where the next
  /// commit waits for it: it must be quick. It gets an ``EventLogError`` when nothing was acknowledged.
  public func append(
    _ events: [Event], completion: @escaping @Sendable (Result<[AppendFate], any Error>) -> Void
  ) {
    let entries = events.map(EventEntry.init)
    let append = Append(
      entries: entries, byteCount: entries.reduce(0) { $0 + $1.byteCount }, completion: completion)
    let (refusal, isFirst) = queue.withLock { queue in enqueue(append, in: &queue) }
    if let refusal {
      metrics.count(entries, fate: .busy)
      completion(.failure(refusal))
    } else if isFirst {
      commits.async { self.commitAll() }
    }
  }

  /// Stores events and returns the fate of each once they are durable. Blocks the thread; not for event loops.
  ///
  /// - throws: ``EventLogError`` when nothing was acknowledged.
  @discardableResult
  public func append(_ events: [Event]) throws -> [AppendFate] {
    let answer = Locked<Result<[AppendFate], any Error>?>(nil)
    let done = DispatchSemaphore(value: 0)
    append(events) { result in
      answer.withLock { $0 = result }
      done.signal()
    }
    done.wait()
    return try answer.withLock { $0! }.get()
  }

  /// Up to `limit` events after `offset` in ascending order, as of one moment, those of the archive too. Those that can't
  /// be read are of kind ``EventKind/unreadable``.
  public func read(after offset: Int64, limit: Int) throws -> [(offset: Int64, event: Event)] {
    do {
      let rows = try database.read { try EventTable.read($0, after: offset, limit: limit) }
      guard let first = rows.first, first.offset > offset + 1 else { return rows.map { ($0.offset, $0.event) } }
      let earlier = try archived.read(after: offset, before: first.offset, limit: limit)
      return (earlier.isEmpty ? rows : earlier).map { ($0.offset, $0.event) }
    } catch { throw EventLogError(error) }
  }

  /// Offset of the newest durable event of any process, 0 in an empty log. When the file can't be read, the newest of
  /// this process.
  public var lastOffset: Int64 {
    (try? database.read(EventTable.lastOffset)) ?? lastOwnOffset.load(ordering: .acquiring)
  }

  /// Stores what waits, takes nothing more, and closes the file. Further calls do nothing.
  public func close() throws {
    guard
      queue.withLock({ queue in
        defer { queue.isClosed = true }
        return !queue.isClosed
      })
    else { return }
    commits.sync {}
    do {
      try database.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
      try database.close()
    } catch { throw EventLogError(error) }
  }
}

// MARK: - Group commit

extension EventLog {
  /// Why the append can't wait here, or `nil`; and whether it has to start a commit.
  private func enqueue(_ append: Append, in queue: inout Queue) -> (
    refusal: EventLogError?, isFirst: Bool
  ) {
    if queue.isClosed { return (.closed, false) }
    guard append.byteCount <= configuration.queueByteCountMax else {
      return (
        .tooLarge(byteCount: append.byteCount, byteCountMax: configuration.queueByteCountMax), false
      )
    }
    guard queue.byteCount + append.byteCount <= configuration.queueByteCountMax else {
      return (.busy(retryAfterSeconds: 1), false)
    }
    queue.waiting.append(append)
    queue.byteCount += append.byteCount
    metrics.queueBytes.record(queue.byteCount)
    defer { queue.isCommitting = true }
    return (nil, !queue.isCommitting)
  }

  /// Commits until nothing waits. Runs on `commits`.
  private func commitAll() {
    while true {
      let group = nextGroup()
      guard !group.isEmpty else { return }
      commit(group)
    }
  }

  private func nextGroup() -> [Append] {
    queue.withLock { queue in
      var byteCount = 0
      let end = queue.waiting.firstIndex { append in
        byteCount += append.byteCount
        return byteCount > configuration.commitByteCountMax
      }
      let group = Array(queue.waiting.prefix(max(1, end ?? queue.waiting.count)))
      queue.waiting.removeFirst(group.count)
      queue.isCommitting = !group.isEmpty
      return group
    }
  }

  private func commit(_ group: [Append]) {
    let result = Result { try store(group) }.mapError(EventLogError.init)
    settle(byteCount: group.reduce(0) { $0 + $1.byteCount }, result)
    switch result {
    case .success(let fates):
      for (append, fates) in zip(group, fates) { append.completion(.success(fates)) }
    case .failure(let error):
      for append in group {
        metrics.count(append.entries, fate: .failed)
        append.completion(.failure(error))
      }
    }
  }

  /// Frees the queue of a commit, and reports when commits begin to fail and when they succeed again.
  private func settle(byteCount: Int, _ result: Result<[[AppendFate]], EventLogError>) {
    let wasFailing = queue.withLock { queue in
      queue.byteCount -= byteCount
      metrics.queueBytes.record(queue.byteCount)
      defer {
        if case .failure = result { queue.isFailing = true } else { queue.isFailing = false }
      }
      return queue.isFailing
    }
    switch result {
    case .failure(let error) where !wasFailing: logger.error("events can't be stored: \(error)")
    case .success where wasFailing: logger.notice("events can be stored again")
    default: break
    }
  }

  /// The fates of all events of a group, once it is durable. Only then are its keys remembered.
  private func store(_ group: [Append]) throws -> [[AppendFate]] {
    var fresh = Set<UInt128>()
    let isNew = recentKeys.withLock { remembered in
      group.map { append in
        append.entries.map { entry in
          entry.key.map { !remembered.contains($0) && fresh.insert($0).inserted } ?? true
        }
      }
    }
    let fates = try insert(group, isNew: isNew)
    recentKeys.withLock { remembered in
      for key in fresh { remembered.insert(key) }
    }
    measure(group, isNew: isNew)
    return fates
  }

  /// Inserts the new events of a group, and a note of each copy, in one transaction, which is durable when this returns.
  private func insert(_ group: [Append], isNew: [[Bool]]) throws -> [[AppendFate]] {
    var fates: [[AppendFate]] = []
    var last: Int64 = 0
    try database.writeWithoutTransaction { db in
      try db.inTransaction(.immediate) {
        var inserter = try EventTable.inserter(db)
        fates = try zip(group, isNew).map { append, isNew in
          try zip(append.entries, isNew).map { entry, isNew in
            if isNew { return .stored(offset: try inserter.insert(entry)) }
            if let note = entry.copyNote() { _ = try inserter.insert(note) }
            return .duplicate
          }
        }
        last = inserter.offset
        return .commit
      }
    }
    lastOwnOffset.store(last, ordering: .releasing)
    return fates
  }

  private func measure(_ group: [Append], isNew: [[Bool]]) {
    let entries = zip(group, isNew).flatMap { append, isNew in zip(append.entries, isNew) }
    metrics.count(entries.lazy.filter(\.1).map(\.0), fate: .stored)
    metrics.count(entries.lazy.filter { !$0.1 }.map(\.0), fate: .duplicate)
    metrics.commitEvents.record(entries.count)
    let end = DispatchTime.now().uptimeNanoseconds
    for append in group {
      metrics.appendDuration.recordNanoseconds(Int64(end - append.start.uptimeNanoseconds))
    }
  }
}
