import Events

@testable import Learning

/// The rules of the join, told in another way: everything is computed from the whole log at once, each impression's
/// closing from the definition, without tables, cursors or steps.
struct JoinModel {
  /// "id label" in training order.
  var examples: [String] = []
  /// "offset impression fate" by offset.
  var clicks: [String] = []
  /// Likewise.
  var conversions: [String] = []
  /// "offset" of the first copies.
  var impressions: [String] = []
  /// "traffic kind fate" → count.
  var counts: [String: Int] = [:]

  /// "kind decision slot conversion" → copies beyond the first.
  var copies: [String: Int] = [:]
  /// Impressions that count.
  var countedImpressions = 0
  private let configuration: JoinConfiguration

  private struct Key: Hashable {
    let decision: DecisionID
    let slot: Int
    var conversionID = ""
  }

  private struct Impression {
    let offset: Int64
    let event: Event
    var closing = Int64.max
    var label = false
  }

  init(_ log: [(offset: Int64, event: Event)], configuration: JoinConfiguration) {
    self.configuration = configuration
    let events = log.filter { $0.event.invalidReason == nil }
    var byKey: [Key: Impression] = [:]
    for (offset, event) in events where [.impression, .history].contains(event.kind) {
      let key = Key(decision: event.served!.decision, slot: event.served!.slot)
      count(event, byKey[key] == nil ? .stored : .duplicate)
      if byKey[key] == nil { byKey[key] = Impression(offset: offset, event: event) }
    }
    setClosings(&byKey, events: events, configuration: configuration)
    joinClicks(&byKey, events: events, window: configuration.clickWindow)
    joinConversions(byKey, events: events, window: configuration.conversionWindow)
    let closed = byKey.values.filter { $0.closing != .max }.sorted {
      // What is closed by the time of an event comes before what the event itself brings.
      ($0.closing, $0.event.kind == .history ? 1 : 0, $0.offset) < (
        $1.closing, $1.event.kind == .history ? 1 : 0, $1.offset
      )
    }
    examples = closed.map { "\($0.offset) \($0.label ? 1 : 0)" }
    countedImpressions = byKey.count
    let invalid = keepInvalid(log)
    impressions = (byKey.values.map(\.offset) + invalid).sorted().map(String.init)
    for list in [\Self.clicks, \.conversions] {
      self[keyPath: list].sort { Int64($0.prefix { $0 != " " })! < Int64($1.prefix { $0 != " " })! }
    }
    counts = counts.filter { $0.value != 0 }
  }

  /// The offset before whose event each impression is closed; one past the end for those that the end closes.
  private func setClosings(
    _ byKey: inout [Key: Impression], events: [(offset: Int64, event: Event)],
    configuration: JoinConfiguration
  ) {
    // The clock as each event arrives, and the watermark before it; of the last element, after all.
    var clocks: [Milliseconds] = []
    var watermarks: [Milliseconds] = [0]
    for (_, event) in events {
      clocks.append(max(clocks.last ?? 0, event.received))
      let isLive = event.served?.traffic == .live && event.kind != .history
      watermarks.append(max(watermarks.last!, isLive ? min(event.time, event.received) : 0))
    }
    clocks.append(clocks.last ?? 0)
    let offsets = events.map(\.offset) + [(events.last?.offset ?? 0) + 1]
    var latest: Int64 = 0
    for (key, impression) in byKey.sorted(by: { $0.value.offset < $1.value.offset }) {
      let own = impression.event
      if own.kind == .history {
        byKey[key]!.closing = impression.offset
        byKey[key]!.label = own.clicked
        continue
      }
      let due = offsets.indices.first { index in
        let age = clocks[index] - own.received
        let isPast = watermarks[index] - own.time > configuration.clickWindow
        return offsets[index] > impression.offset
          && (age > configuration.clickWindow || (isPast && age >= configuration.settleTime))
      }
      latest = max(latest, due.map { offsets[$0] } ?? .max)
      byKey[key]!.closing = latest
    }
  }

  private mutating func joinClicks(
    _ byKey: inout [Key: Impression], events: [(offset: Int64, event: Event)], window: Milliseconds
  ) {
    var seen = Set<Key>()
    for (offset, event) in events
    where event.kind == .click || (event.kind == .history && event.clicked) {
      let key = Key(decision: event.served!.decision, slot: event.served!.slot)
      if event.kind == .history, byKey[key]?.offset != offset { continue }
      guard seen.insert(key).inserted else {
        if event.kind == .click { count(event, .duplicate) }
        continue
      }
      guard let impression = byKey[key] else {
        count(event, .orphan)
        clicks.append("\(offset) - orphan")
        continue
      }
      if event.kind == .history {
        count(event, .joined, kind: .click)
        clicks.append("\(offset) \(impression.offset) joined")
        continue
      }
      let isWithin = abs(event.time - impression.event.time) <= window
      // A click that came first waits, so its impression was open when they met.
      let isOpen = impression.offset >= offset || impression.closing > offset
      let isPossible = isPossible(
        event, after: impression.event, least: Milliseconds(configuration.clickDelayMillisecondsMin))
      let fate: JoinFate = !isPossible ? .invalid : isWithin && isOpen ? .joined : .late
      if fate == .late, isWithin { count(event, .correction) }
      if fate == .joined { byKey[key]!.label = true }
      count(event, fate, kind: .click)
      clicks.append("\(offset) \(impression.offset) \(fate)")
    }
  }

  private func isPossible(_ event: Event, after impression: Event, least: Milliseconds) -> Bool {
    let delay = event.time - impression.time
    switch [event, impression].count(where: { $0.time != $0.received }) {
    case 2: return delay >= least
    case 1: return delay >= Milliseconds(-configuration.clockSkewSeconds * 1000)
    default: return true
    }
  }

  /// The offsets of the invalid impressions; notes the invalid clicks and conversions.
  private mutating func keepInvalid(_ log: [(offset: Int64, event: Event)]) -> [Int64] {
    var seen = Set<String>()
    var impressions: [Int64] = []
    for (offset, event) in log where event.invalidReason != nil {
      guard seen.insert(Self.name(event)).inserted else {
        count(event, .duplicate)
        continue
      }
      let fates: [InvalidReason: JoinFate] = [.userAgent: .bot, .expired: .expired]
      let fate = fates[event.invalidReason!] ?? .invalid
      count(event, fate)
      switch event.kind {
      case .click: clicks.append("\(offset) - \(fate)")
      case .conversion: conversions.append("\(offset) - \(fate)")
      default: impressions.append(offset)
      }
    }
    return impressions
  }

  private static func name(_ event: Event) -> String {
    "\(event.kind.label) \(event.served!.decision) \(event.served!.slot) "
      + (event.kind == .conversion ? event.conversionID ?? "" : "")
  }

  private mutating func joinConversions(
    _ byKey: [Key: Impression], events: [(offset: Int64, event: Event)], window: Milliseconds
  ) {
    var seen = Set<Key>()
    for (offset, event) in events where event.kind == .conversion {
      var key = Key(decision: event.served!.decision, slot: event.served!.slot)
      let impression = byKey[key]
      key.conversionID = event.conversionID ?? ""
      guard seen.insert(key).inserted else {
        count(event, .duplicate)
        continue
      }
      let fate =
        impression.map { impression in
          !isPossible(event, after: impression.event, least: 0)
            ? JoinFate.invalid : abs(event.time - impression.event.time) <= window ? .joined : .late
        } ?? .orphan
      count(event, fate)
      conversions.append("\(offset) \(impression.map { "\($0.offset)" } ?? "-") \(fate)")
    }
  }

  private mutating func count(_ event: Event, _ fate: JoinFate, kind: EventKind? = nil) {
    if fate == .duplicate { copies[Self.name(event), default: 0] += 1 }
    counts["\(event.served!.traffic.rawValue) \((kind ?? event.kind).label) \(fate)", default: 0] +=
      1
  }
}
