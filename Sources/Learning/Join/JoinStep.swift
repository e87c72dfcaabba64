import Events
import GRDB

/// The rules of the join, applied to one run of events within one transaction.
///
/// - An impression counts once for each (decision, slot), a click once, a conversion once for each conversion id: the
///   copy with the least offset.
/// - No event time counts as later than its receive time.
/// - A click joins its impression when their event times are at most a window apart (a click may come first, by clock
///   skew or shuffling) and the impression is open. Otherwise it is late and kept, and the label stays as it is.
/// - A click or conversion without an impression waits, however long, and is settled when the impression comes.
/// - Impressions are closed in the order of the log, each when it ``OpenImpression/isDue(clock:watermark:configuration:)``;
///   that makes its example. A history row brings its label and is closed at once.
///
/// Time is told by the log alone, before every event, so the result is a function of the log and the settings: neither
/// the length of the runs nor the hour at which they are done changes it.
struct JoinStep {
  private let configuration: JoinConfiguration
  private let statements: JoinStatements
  private(set) var cursor: JoinCursor
  private(set) var counts = JoinCounts()
  private(set) var exampleCount = 0
  /// Open impressions of least id, a part of all, to be closed next.
  private var head: ArraySlice<OpenImpression> = []

  /// Open impressions that are looked at together.
  private static let headCountMax = 256

  init(_ db: Database, cursor: JoinCursor, configuration: JoinConfiguration) throws {
    self.configuration = configuration
    self.cursor = cursor
    statements = try JoinStatements(db)
    try loadHead(after: 0)
  }

  /// Joins one event; offsets ascend.
  mutating func join(_ event: Event, at offset: Int64) throws {
    var event = event
    event.time = min(event.time, event.received)
    cursor.advance(to: offset, received: event.received)
    try closeDue()
    switch (event.kind, event.served) {
    case (.impression, let ad?): try joinImpression(event, ad)
    case (.click, let ad?): try joinClick(event, ad)
    case (.conversion, let ad?): try joinConversion(event, ad)
    case (.history, let ad?): try joinHistory(event, ad)
    case (.clock, _): counts.addControl(kind: .clock, fate: .stored)
    case (.unreadable, _): counts.addControl(kind: .unreadable, fate: .invalid)
    default:
      let isValid = try statements.insertControl(id: offset, event)
      counts.addControl(kind: event.kind, fate: isValid ? .stored : .invalid)
    }
    if event.kind != .history, event.served?.traffic == .live {
      cursor.watermark = max(cursor.watermark, event.time)
    }
  }

  /// Makes examples of the impressions that are due, in the order of the log.
  mutating func closeDue() throws {
    while let first = head.first, isDue(first) {
      let due = head.prefix { isDue($0) }
      try statements.close(through: due[due.endIndex - 1].id)
      exampleCount += due.count
      head = head.dropFirst(due.count)
      if head.isEmpty { try loadHead(after: due[due.endIndex - 1].id) }
    }
  }

  /// Whether an impression could be closed if the log told this time.
  func hasDue(at time: Milliseconds) -> Bool {
    let clock = max(cursor.clock, time)
    return head.first?.isDue(
      clock: clock, watermark: cursor.watermark, configuration: configuration) ?? false
  }

  private func isDue(_ impression: OpenImpression) -> Bool {
    impression.isDue(clock: cursor.clock, watermark: cursor.watermark, configuration: configuration)
  }

  private mutating func loadHead(after id: Int64) throws {
    head = try statements.openImpressions(after: id, limit: Self.headCountMax)[...]
  }

  private mutating func joinImpression(_ event: Event, _ ad: ServedAd) throws {
    let id = cursor.offset
    guard try statements.insertImpression(id: id, event, ad) else {
      return count(event, ad, .duplicate)
    }
    count(event, ad, .stored)
    let impression = OpenImpression(id: id, time: event.time, received: event.received)
    try statements.open(impression)
    if head.isEmpty { head = [impression] }
    try settleOrphans(of: ad, impression: id, time: event.time)
  }

  private mutating func settleOrphans(of ad: ServedAd, impression: Int64, time: Milliseconds) throws {
    if let click = try statements.orphanClick(of: ad) {
      let fate = self.fate(delay: click.time - time, window: configuration.clickWindow)
      try statements.settleClick(id: click.id, impression: impression, fate: fate)
      count(-1, .click, ad, .orphan, received: click.received)
      try settleClick(
        ad, impression: impression, fate: fate, delay: click.time - time, received: click.received)
    }
    for conversion in try statements.orphanConversions(of: ad) {
      let fate = self.fate(delay: conversion.time - time, window: configuration.conversionWindow)
      try statements.settleConversion(id: conversion.id, impression: impression, fate: fate)
      count(-1, .conversion, ad, .orphan, received: conversion.received)
      count(1, .conversion, ad, fate, received: conversion.received)
    }
  }

  private mutating func joinClick(_ event: Event, _ ad: ServedAd) throws {
    let impression = try statements.impression(of: ad)
    let delay = event.time - (impression?.time ?? event.time)
    let isOpen = try impression.map { try statements.isOpen(impression: $0.id) } ?? false
    let isWithin = abs(delay) <= configuration.clickWindow
    let fate: JoinFate = impression == nil ? .orphan : isOpen && isWithin ? .joined : .late
    guard
      try statements.insertClick(
        id: cursor.offset, impression: impression?.id, event, ad, fate: fate)
    else {
      return count(event, ad, .duplicate)
    }
    guard let impression else { return count(event, ad, .orphan) }
    if fate == .late && isWithin { count(event, ad, .correction) }
    try settleClick(
      ad, impression: impression.id, fate: fate, delay: delay, received: event.received)
  }

  /// Counts a click that has found its impression; a joined one makes the label 1 and is billed.
  private mutating func settleClick(
    _ ad: ServedAd, impression: Int64, fate: JoinFate, delay: Milliseconds, received: Milliseconds
  ) throws {
    count(1, .click, ad, fate, received: received)
    guard fate == .joined else { return }
    try statements.markClicked(impression: impression)
    counts.addSpend(ad.price, slot: ad.slot, traffic: ad.traffic)
    if ad.traffic == .live { counts.addDelay(delay, received: received) }
  }

  private mutating func joinConversion(_ event: Event, _ ad: ServedAd) throws {
    let impression = try statements.impression(of: ad)
    let fate = impression.map {
      self.fate(delay: event.time - $0.time, window: configuration.conversionWindow)
    }
    let isNew = try statements.insertConversion(
      id: cursor.offset, impression: impression?.id, event, ad, fate: fate ?? .orphan)
    count(event, ad, isNew ? fate ?? .orphan : .duplicate)
  }

  private mutating func joinHistory(_ event: Event, _ ad: ServedAd) throws {
    let id = cursor.offset
    guard try statements.insertImpression(id: id, event, ad) else {
      return count(event, ad, .duplicate)
    }
    count(event, ad, .stored)
    if event.clicked, try statements.insertClick(id: id, impression: id, event, ad, fate: .joined) {
      count(1, .click, ad, .joined, received: event.received)
    }
    try statements.insertExample(impression: id, label: event.clicked)
    exampleCount += 1
  }

  private func fate(delay: Milliseconds, window: Milliseconds) -> JoinFate {
    abs(delay) <= window ? .joined : .late
  }

  private mutating func count(_ event: Event, _ ad: ServedAd, _ fate: JoinFate) {
    count(1, event.kind, ad, fate, received: event.received)
  }

  private mutating func count(
    _ count: Int, _ kind: EventKind, _ ad: ServedAd, _ fate: JoinFate, received: Milliseconds
  ) {
    counts.add(
      count, kind: kind, fate: fate, slot: ad.slot, traffic: ad.traffic, received: received)
  }
}
