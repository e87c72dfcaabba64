import Events
import HTTPServer

/// Takes reported events: opens their tokens, checks them, and stores them before it says that they are accepted.
///
/// Safe from any thread.
public struct EventIntake: Sendable {
  private let log: EventLog
  private let sealer: TokenSealer
  private let settings: IntakeSettings
  private let metrics: IntakeMetrics
  private let clock: @Sendable () -> Milliseconds

  init(
    log: EventLog, sealer: TokenSealer, settings: IntakeSettings, metrics: IntakeMetrics,
    clock: @escaping @Sendable () -> Milliseconds
  ) {
    self.log = log
    self.sealer = sealer
    self.settings = settings
    self.metrics = metrics
    self.clock = clock
  }

  /// The outcome of one call of /log, known after everything accepted is durable.
  struct Receipt {
    var accepted = 0
    var duplicates = 0
    var rejected: [(index: Int, reason: String)] = []
  }

  /// Stores the events of a body of /log, then calls `completion` on any thread.
  ///
  /// - throws: `Problem` when the body can't be read at all.
  func take(
    _ body: [UInt8], mediaType: String?, completion: @escaping @Sendable (Result<Receipt, any Error>) -> Void
  ) throws {
    let reports = try EventReport.parse(body, mediaType: mediaType, countMax: settings.eventsPerCallMax)
    var receipt = Receipt()
    var events: [Event] = []
    for (index, report) in reports.enumerated() {
      do { events.append(try event(report.get())) } catch {
        metrics.countRejected()
        receipt.rejected.append((index, error.reason))
      }
    }
    store(events, receipt, completion)
  }

  /// Stores one event of an already opened token, then calls `completion` on any thread.
  func take(
    _ kind: EventKind, of served: ServedAd, completion: @escaping @Sendable (Result<Receipt, any Error>) -> Void
  ) {
    guard served.traffic != .dryRun else { return completion(.success(Receipt())) }
    let now = clock()
    store([Event(kind: kind, served: served, time: now, received: now)], Receipt(), completion)
  }

  /// The ad of a token.
  ///
  /// - throws: ``RejectedEvent`` when it isn't one of ours, or too old.
  func open(_ token: String) throws(RejectedEvent) -> ServedAd {
    let served: ServedAd
    do { served = try sealer.open(token) } catch {
      throw RejectedEvent(reason: "\(error)")
    }
    guard clock() - served.time <= Milliseconds(settings.tokenAgeSecondsMax) * 1000 else {
      throw RejectedEvent(reason: "the token's decision is older than \(settings.tokenAgeSecondsMax) seconds")
    }
    return served
  }

  private func event(_ report: EventReport) throws(RejectedEvent) -> Event {
    let served = try open(report.token)
    guard served.traffic != .dryRun else {
      throw RejectedEvent(reason: "the token comes from a dry run, whose events never count")
    }
    let now = clock()
    let time = report.time ?? now
    guard time <= now + Milliseconds(settings.clockSkewSecondsMax) * 1000 else {
      throw RejectedEvent(reason: "'time' lies in the future; check the sender's clock")
    }
    return Event(
      kind: report.kind, served: served, time: time, received: now, value: report.value, conversionID: report.id)
  }

  private func store(
    _ events: [Event], _ receipt: Receipt, _ completion: @escaping @Sendable (Result<Receipt, any Error>) -> Void
  ) {
    guard !events.isEmpty else { return completion(.success(receipt)) }
    let start = receipt
    log.append(events) { result in
      completion(
        result.map { fates in
          var receipt = start
          for fate in fates {
            if case .duplicate = fate { receipt.duplicates += 1 } else { receipt.accepted += 1 }
          }
          return receipt
        })
    }
  }
}
