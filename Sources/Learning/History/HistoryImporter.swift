import Events
import Features
import Foundation

/// Appends the rows of a history file to the event log, from where the join makes examples of them.
///
/// Importing a file again changes nothing: a row's identity follows from the mapping, its decision (or, when the mapping
/// names none, the file's name and the row's number) and its slot.
public struct HistoryImporter {
  private let mapping: HistoryMapping
  private let log: EventLog
  private let clock: @Sendable () -> Milliseconds

  /// Rows in one append.
  public static let batchCount = 1000

  public init(
    mapping: HistoryMapping, log: EventLog, clock: @escaping @Sendable () -> Milliseconds = WallClock.now
  ) {
    self.mapping = mapping
    self.log = log
    self.clock = clock
  }

  /// Imports `file`; blocks until its rows are durable.
  ///
  /// - parameter progress: told the rows read so far and, where it is known, the share of the file, after each batch.
  /// - throws: ``LearningError`` when the file can't be read, `EventLogError` when the log can't store; what was
  ///   imported before stays, and importing again completes it.
  public func run(
    _ file: URL, progress: (_ rowCount: Int, _ share: Double?) -> Void = { _, _ in }
  ) throws -> HistoryReport {
    let reader = try HistoryReader(file, mapping: mapping)
    var report = HistoryReport()
    var batch: [Event] = []
    while let row = try reader.next() {
      switch row {
      case .success(let record): batch.append(event(record, fileName: file.lastPathComponent))
      case .failure(let rejected): report.add(rejected)
      }
      if batch.count == Self.batchCount {
        try store(&batch, in: &report)
        progress(reader.rowCount, reader.fraction)
      }
    }
    try store(&batch, in: &report)
    report.rowCount = reader.rowCount
    progress(reader.rowCount, 1)
    return report
  }

  private func store(_ batch: inout [Event], in report: inout HistoryReport) throws {
    guard !batch.isEmpty else { return }
    for (event, fate) in zip(batch, try log.append(batch)) {
      if fate == .duplicate {
        report.duplicateCount += 1
      } else {
        report.storedCount += 1
        report.clickCount += event.clicked ? 1 : 0
      }
    }
    batch.removeAll(keepingCapacity: true)
  }

  private func event(_ record: HistoryRecord, fileName: String) -> Event {
    let served = ServedAd(
      decision: decision(record, fileName: fileName), slot: record.slot, time: record.time, user: record.user,
      context: record.context, ad: record.ad, attributes: record.attributes, model: "history", ctr: 0,
      bid: record.bid, price: record.price, propensity: record.propensity, traffic: .history)
    return Event(kind: .history, served: served, time: record.time, received: clock(), clicked: record.clicked)
  }

  /// An id that is the same whenever the row is imported. Without a clock, all rows of a decision share its time part.
  private func decision(_ record: HistoryRecord, fileName: String) -> DecisionID {
    let name = mapping.decision == nil ? "\(fileName) \(record.decision)" : record.decision
    let digest = SHA256.digest(of: Array("\(mapping.sha256) \(name)".utf8))
    let random = digest.prefix(10).reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
    return DecisionID(time: mapping.time == nil ? HistoryMapping.syntheticStart : record.time, random: random)
  }
}
