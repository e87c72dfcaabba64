import Events
import HTTPServer

/// Takes reported events: opens their tokens, checks them, and stores them before it says that they are accepted.
///
/// An event of invalid traffic is accepted like any other and stored with its reason, so that its sender learns nothing
/// and everyone who looks at the views learns all.
///
/// Safe from any thread.
public struct EventIntake: Sendable {
  private let log: EventLog
  private let sealer: TokenSealer
  private let settings: IntakeSettings
  private let rules: InvalidTrafficRules
  private let metrics: IntakeMetrics
  private let clock: @Sendable () -> Milliseconds
  private let onStored: @Sendable (Event) -> Void

  /// - parameter onStored: is told of every event that is new, once it is durable and before it is acknowledged.
  init(
    log: EventLog, sealer: TokenSealer, settings: IntakeSettings, rules: InvalidTrafficRules, metrics: IntakeMetrics,
    clock: @escaping @Sendable () -> Milliseconds, onStored: @escaping @Sendable (Event) -> Void
  ) {
    self.log = log
    self.sealer = sealer
    self.settings = settings
    self.rules = rules
    self.metrics = metrics
    self.clock = clock
    self.onStored = onStored
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
    _ body: [UInt8], mediaType: String?, from sender: EventSender,
    completion: @escaping @Sendable (Result<Receipt, any Error>) -> Void
  ) throws {
    let reports = try EventReport.parse(body, mediaType: mediaType, countMax: settings.eventsPerCallMax)
    let suspicion = rules.reason(sender)
    var receipt = Receipt()
    var events: [Event] = []
    for (index, report) in reports.enumerated() {
      do { events.append(try event(report.get(), sender, suspicion)) } catch {
        metrics.countRejected(error.cause)
        receipt.rejected.append((index, error.reason))
      }
    }
    store(events, receipt, completion)
  }

  /// Stores one event of an already opened token, then calls `completion` on any thread.
  func take(
    _ kind: EventKind, of served: ServedAd, from sender: EventSender,
    completion: @escaping @Sendable (Result<Receipt, any Error>) -> Void
  ) {
    guard served.traffic != .dryRun else { return completion(.success(Receipt())) }
    let now = clock()
    let event = Event(
      kind: kind, served: served, time: now, received: now,
      invalidReason: reason(kind, of: served, time: now, now: now, sender, rules.reason(sender)))
    store([event], Receipt(), completion)
  }

  /// The ad of a token.
  ///
  /// - throws: ``RejectedEvent`` when it isn't one of ours.
  func open(_ token: String) throws(RejectedEvent) -> ServedAd {
    do { return try sealer.open(token) } catch { throw RejectedEvent(.token, "\(error)") }
  }

  private func event(
    _ report: EventReport, _ sender: EventSender, _ suspicion: InvalidReason?
  ) throws(RejectedEvent) -> Event {
    let served = try open(report.token)
    guard served.traffic != .dryRun else {
      throw RejectedEvent(.dryRun, "the token comes from a dry run, whose events never count")
    }
    let now = clock()
    let time = report.time ?? now
    guard time <= now + Milliseconds(settings.clockSkewSecondsMax) * 1000 else {
      throw RejectedEvent(.time, "'time' lies in the future; check the sender's clock")
    }
    return Event(
      kind: report.kind, served: served, time: time, received: now, value: report.value, conversionID: report.id,
      invalidReason: reason(report.kind, of: served, time: time, now: now, sender, suspicion))
  }

  /// Why an event never counts, `nil` when it may. The system's own probes are always let through: their traffic is
  /// none that counts.
  private func reason(
    _ kind: EventKind, of served: ServedAd, time: Milliseconds, now: Milliseconds, _ sender: EventSender,
    _ suspicion: InvalidReason?
  ) -> InvalidReason? {
    let age = now - served.time
    if age > Milliseconds(settings.tokenAgeSecondsMax) * 1000 { return .expired }
    if served.time - time > Milliseconds(settings.timeBeforeDecisionSecondsMax) * 1000 { return .timing }
    guard served.traffic == .live else { return nil }
    return suspicion ?? rules.reason(kind, of: served, from: sender, now: now)
  }

  private func store(
    _ events: [Event], _ receipt: Receipt, _ completion: @escaping @Sendable (Result<Receipt, any Error>) -> Void
  ) {
    guard !events.isEmpty else { return completion(.success(receipt)) }
    let start = receipt
    for event in events { metrics.countInvalid(event) }
    log.append(events) { [onStored] result in
      completion(
        result.map { fates in
          var receipt = start
          for (event, fate) in zip(events, fates) {
            switch fate {
            case .duplicate: receipt.duplicates += 1
            case .stored:
              receipt.accepted += 1
              onStored(event)
            }
          }
          return receipt
        })
    }
  }
}
