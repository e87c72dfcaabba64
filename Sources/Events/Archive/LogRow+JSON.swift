import Catalog
import Foundation

/// A row of the log as one line of NDJSON, from which the same row can be made again, to the last bit.
///
///     {"offset":7,"kind":"click","received_ms":…,"time_ms":…,"decision":"…","slot":1,"served_ms":…,"user":"u1","ad":"ad-1",
///      "model":"…","objective":"revenue","traffic":"live","ctr":0.03,"bid":1.2,"price":0.8,"propensity":1.0,
///      "context":{"device":"mobile"},"attributes":{…},"experiments":{…}}
///
/// Conversions add `value` and `conversion_id`, history rows `clicked`, events that don't count `invalid`; the kinds that
/// aren't about an ad have `payload`, a text that is JSON itself. A row that wouldn't read back the same (damaged, of
/// another release, or with a number that JSON can't say) has the number of its kind and its bytes as base64 in `raw`.
extension LogRow {
  /// The line without its end.
  var json: [UInt8] {
    let event = event
    if event.kind != .unreadable {
      let line = readableJSON(event)
      if let row = try? LogRow(json: line[...]), row == self { return line }
    }
    var line = head(kind: "\(kind)")
    line += #","raw":"\#(payload.base64EncodedString())"}"#.utf8
    return line
  }

  /// The row of a line.
  ///
  /// - throws: `LineError` when it isn't one.
  init(json line: ArraySlice<UInt8>) throws(LineError) {
    let fields = try ArchivedFields(line)
    let (offset, received, time) = (
      try fields.integer("offset"), try fields.integer("received_ms"), try fields.integer("time_ms")
    )
    if let raw = try fields.optionalText("raw") {
      guard let payload = Data(base64Encoded: raw) else { throw LineError("'raw' isn't base64") }
      self.init(offset: offset, kind: try fields.integer("kind"), received: received, time: time, payload: payload)
      return
    }
    let label = try fields.text("kind")
    guard let kind = EventKind.allCases.first(where: { $0.label == label }) else {
      throw LineError("the kind '\(label)' is not known here; read it with the release that wrote it")
    }
    var event = Event(kind: kind, time: time, received: received)
    if kind.isAboutServedAd { event.served = try fields.servedAd() }
    event.value = try fields.optionalNumber("value")
    event.conversionID = try fields.optionalText("conversion_id")
    event.clicked = try fields.optionalText("clicked") == "true"
    event.invalidReason = try fields.invalidReason()
    event.payload = Array((try fields.optionalText("payload") ?? "").utf8)
    self.init(offset: offset, event)
  }

  private func head(kind: String) -> [UInt8] {
    Array(#"{"offset":\#(offset),"kind":\#(kind),"received_ms":\#(received),"time_ms":\#(time)"#.utf8)
  }

  private func readableJSON(_ event: Event) -> [UInt8] {
    var line = head(kind: "\"\(event.kind.label)\"")
    if let value = event.value { line += #","value":\#(value)"#.utf8 }
    if let id = event.conversionID { line.appendMember("conversion_id", id) }
    if let reason = event.invalidReason { line.appendMember("invalid", reason.label) }
    if event.clicked { line += #","clicked":true"#.utf8 }
    if let served = event.served { line.append(served) }
    if !event.payload.isEmpty { line.appendMember("payload", String(decoding: event.payload, as: UTF8.self)) }
    line.append(UInt8(ascii: "}"))
    return line
  }
}

extension [UInt8] {
  fileprivate mutating func appendMember(_ name: String, _ text: String) {
    self += #","\#(name)":"#.utf8
    appendJSON(text)
  }

  fileprivate mutating func append(_ ad: ServedAd) {
    self += #","decision":"\#(ad.decision)","slot":\#(ad.slot),"served_ms":\#(ad.time)"#.utf8
    for (name, text) in [("user", ad.user), ("ad", ad.ad), ("model", ad.model)] { appendMember(name, text) }
    self += #","objective":"\#(ad.objective.rawValue)","traffic":"\#(ad.traffic.rawValue)""#.utf8
    self += #","ctr":\#(ad.ctr),"bid":\#(ad.bid),"price":\#(ad.price),"propensity":\#(ad.propensity)"#.utf8
    for (name, map) in [("context", ad.context), ("attributes", ad.attributes), ("experiments", ad.experiments)] {
      self += #","\#(name)":"#.utf8
      appendJSON(map) { $0.appendJSON($1) }
    }
  }
}
