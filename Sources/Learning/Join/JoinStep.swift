import Events
import GRDB

/// The rules of the join, applied to one run of events within one transaction.
///
/// - An impression counts once for each (decision, slot), a click once, a conversion once for each conversion id: the
///   copy with the least offset. Of every other copy the table `duplicate` keeps the number.
/// - An event that intake found invalid has a row with its fate and reason, and is no other event's copy or partner.
/// - A click or conversion that comes before its impression, or a click within milliseconds of it, is impossible
///   (``JoinVerdict``): it has the fate `invalid`.
/// - A click joins its impression when their event times are at most a window apart (a click may come first, by clock
///   skew or shuffling) and the impression is open. Otherwise it is late and kept, and the label stays as it is; one that
///   lies within the window is a correction.
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
    cursor.advance(to: offset, received: event.received)
    try closeDue()
    if let reason = event.invalidReason, let ad = event.served { return try keepInvalid(event, ad, reason) }
    switch (event.kind, event.served) {
    case (.impression, let ad?): try joinImpression(event, ad)
    case (.click, let ad?): try joinClick(event, ad)
    case (.conversion, let ad?): try joinConversion(event, ad)
    case (.history, let ad?): try joinHistory(event, ad)
    case (.duplicate, _): try joinCopy(event)
    case (.clock, _): counts.addControl(kind: .clock, fate: .stored)
    case (.unreadable, _): counts.addControl(kind: .unreadable, fate: .invalid)
    default:
      let isValid = try statements.insertControl(id: offset, event)
      counts.addControl(kind: event.kind, fate: isValid ? .stored : .invalid)
    }
    if event.kind != .history, event.served?.traffic == .live {
      cursor.watermark = max(cursor.watermark, min(event.time, event.received + configuration.watermarkLead))
    }
  }

  /// Makes examples of the impressions that are due, in the order of the log.
  mutating func closeDue() throws {
    while let first = head.first, isDue(first) {
      let due = head.prefix { isDue($0) }
      try statements.close(through: due[due.endIndex - 1].id)
      countExamples(due.count)
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
    guard try statements.insertImpression(id: id, event, ad) else { return try keepCopy(event, ad) }
    count(event, ad, .stored)
    let impression = OpenImpression(id: id, time: event.time, received: event.received)
    try statements.open(impression)
    if head.isEmpty { head = [impression] }
    try settleOrphans(of: ad, impression: .init(id: id, sighting: event.sighting))
  }

  private mutating func settleOrphans(of ad: ServedAd, impression: JoinStatements.FoundImpression) throws {
    if let click = try statements.orphanClick(of: ad) {
      let verdict = clickVerdict(click.sighting, of: impression.sighting, isOpen: true)
      try statements.settleClick(id: click.id, impression: impression.id, verdict)
      count(-1, .click, ad, .orphan, received: click.sighting.received)
      try settleClick(ad, click.sighting, impression: impression, verdict)
    }
    for conversion in try statements.orphanConversions(of: ad) {
      let verdict = conversionVerdict(conversion.sighting, of: impression.sighting)
      try statements.settleConversion(id: conversion.id, impression: impression.id, verdict)
      count(-1, .conversion, ad, .orphan, received: conversion.sighting.received)
      count(1, .conversion, ad, verdict.fate, received: conversion.sighting.received)
    }
  }

  private mutating func joinClick(_ event: Event, _ ad: ServedAd) throws {
    let impression = try statements.impression(of: ad)
    let verdict = try impression.map {
      clickVerdict(event.sighting, of: $0.sighting, isOpen: try statements.isOpen(impression: $0.id))
    }
    guard
      try statements.insertClick(
        id: cursor.offset, impression: impression?.id, event, ad, fate: verdict?.fate ?? .orphan,
        reason: verdict?.reason?.rawValue)
    else { return try keepCopy(event, ad) }
    guard let impression, let verdict else { return count(event, ad, .orphan) }
    try settleClick(ad, event.sighting, impression: impression, verdict)
  }

  /// Counts a click that has found its impression; a joined one makes the label 1 and is billed.
  private mutating func settleClick(
    _ ad: ServedAd, _ click: Sighting, impression: JoinStatements.FoundImpression, _ verdict: JoinVerdict
  ) throws {
    count(1, .click, ad, verdict.fate, received: click.received)
    if verdict.reason == .closed { count(1, .click, ad, .correction, received: click.received) }
    guard verdict == .joined else { return }
    try statements.markClicked(impression: impression.id)
    counts.addSpend(ad.price, slot: ad.slot, traffic: ad.traffic)
    if ad.traffic == .live { counts.addDelay(click.time - impression.sighting.time, received: click.received) }
  }

  private mutating func joinConversion(_ event: Event, _ ad: ServedAd) throws {
    let impression = try statements.impression(of: ad)
    let verdict = impression.map { conversionVerdict(event.sighting, of: $0.sighting) }
    guard
      try statements.insertConversion(
        id: cursor.offset, impression: impression?.id, event, ad, fate: verdict?.fate ?? .orphan,
        reason: verdict?.reason?.rawValue)
    else { return try keepCopy(event, ad) }
    count(event, ad, verdict?.fate ?? .orphan)
  }

  private mutating func joinHistory(_ event: Event, _ ad: ServedAd) throws {
    let id = cursor.offset
    guard try statements.insertImpression(id: id, event, ad) else { return try keepCopy(event, ad) }
    count(event, ad, .stored)
    if event.clicked,
      try statements.insertClick(id: id, impression: id, event, ad, fate: .joined, reason: nil)
    {
      count(1, .click, ad, .joined, received: event.received)
    }
    try statements.insertExample(impression: id, label: event.clicked)
    countExamples(1)
  }

  /// Gives an event that never counts its row.
  private mutating func keepInvalid(_ event: Event, _ ad: ServedAd, _ reason: InvalidReason) throws {
    let (id, fate) = (cursor.offset, JoinFate(reason))
    let isNew =
      switch event.kind {
      case .click:
        try statements.insertClick(id: id, impression: nil, event, ad, fate: fate, reason: reason.label)
      case .conversion:
        try statements.insertConversion(id: id, impression: nil, event, ad, fate: fate, reason: reason.label)
      default: try statements.insertImpression(id: id, event, ad)
      }
    if isNew { count(event, ad, fate) } else { try keepCopy(event, ad) }
  }

  private mutating func keepCopy(_ event: Event, _ ad: ServedAd) throws {
    try statements.insertDuplicate(
      kind: event.kind.label, decision: ad.decision, slot: ad.slot,
      conversionID: event.kind == .conversion ? event.conversionID : nil,
      received: event.received)
    count(event, ad, .duplicate)
  }

  /// Counts a copy that the log recognised by itself.
  private mutating func joinCopy(_ event: Event) throws {
    guard let copy = try? EventCopy(payload: event.payload), let decision = DecisionID(hexadecimal: copy.decision),
      let kind = EventKind.allCases.first(where: { $0.label == copy.kind && $0.isAboutServedAd })
    else { return counts.addControl(kind: .duplicate, fate: .invalid) }
    try statements.insertDuplicate(
      kind: copy.kind, decision: decision, slot: copy.slot, conversionID: copy.id, received: event.received)
    counts.add(kind: kind, fate: .duplicate, slot: copy.slot, traffic: copy.traffic, received: event.received)
  }

  private func clickVerdict(_ click: Sighting, of impression: Sighting, isOpen: Bool) -> JoinVerdict {
    JoinVerdict(
      click, of: impression, isOpen: isOpen, window: configuration.clickWindow,
      delayMin: configuration.clickDelayMin, clockSkew: configuration.clockSkew)
  }

  /// A conversion is joined whether the impression is open or not: the label doesn't hang on it.
  private func conversionVerdict(_ conversion: Sighting, of impression: Sighting) -> JoinVerdict {
    JoinVerdict(
      conversion, of: impression, isOpen: true, window: configuration.conversionWindow, delayMin: 0,
      clockSkew: configuration.clockSkew)
  }

  private mutating func countExamples(_ count: Int) {
    exampleCount += count
    counts.addExamples(count)
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

extension Event {
  fileprivate var sighting: Sighting { Sighting(time: time, received: received) }
}
