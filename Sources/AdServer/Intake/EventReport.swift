import Catalog
import Events
import HTTPServer
import HTTPTypes
import Learning

/// One event as a page reports it to /log.
struct EventReport: Equatable {
  var kind: EventKind
  var token: String
  /// Value of a conversion, in the bids' currency.
  var value: Double?
  /// Tells conversions of one token apart.
  var id: String?
  /// When it happened, by the page's clock; `nil` means now.
  var time: Milliseconds?

  /// Named bounds of a report.
  enum Limits {
    static let idByteCountMax = 128
    /// The year 2000: what lies before comes from a clock that was never set.
    static let timeMin: Milliseconds = 946_684_800_000
  }
}

extension EventReport {
  /// Splits a body of /log: one object, an array, or an object a line.
  ///
  /// - returns: for each event the report, or why it can't be read; a line that is no JSON is such an event.
  /// - throws: `Problem` when the body as a whole is no JSON, or holds more than `countMax` events.
  static func parse(
    _ body: [UInt8], mediaType: String?, countMax: Int
  ) throws -> [Result<EventReport, RejectedEvent>] {
    let values = try Self.values(body, mediaType: mediaType)
    guard values.count <= countMax else {
      throw Problem(
        .contentTooLarge, title: "Too many events",
        detail: "\(values.count) events in one call; send at most \(countMax)")
    }
    return values.map { value in
      value.flatMap { value in
        do throws(RejectedEvent) { return .success(try EventReport(value)) } catch { return .failure(error) }
      }
    }
  }

  private static func values(_ body: [UInt8], mediaType: String?) throws -> [Result<JSONValue, RejectedEvent>] {
    if mediaType == "application/x-ndjson", !body.isEmpty { return lines(body) }
    do {
      let value = try JSONBody.value(body, allowsRepeatedNames: true)
      guard case .array(let elements) = value else { return [.success(value)] }
      return elements.map { .success($0) }
    } catch {
      guard holdsLines(body) else { throw error }
      return lines(body)
    }
  }

  /// Whether a body that is no JSON is meant as an object a line: then some line is an object, and none opens an array.
  private static func holdsLines(_ body: [UInt8]) -> Bool {
    guard body.first(where: { $0 > UInt8(ascii: " ") }) != UInt8(ascii: "[") else { return false }
    return lines(body).contains { line in
      if case .success(.object) = line { true } else { false }
    }
  }

  /// The value of each line that isn't blank.
  private static func lines(_ body: [UInt8]) -> [Result<JSONValue, RejectedEvent>] {
    body.split(separator: UInt8(ascii: "\n")).filter { $0.contains { $0 > UInt8(ascii: " ") } }.map { line in
      do { return .success(try JSONValue(parsing: line, allowsRepeatedNames: true)) } catch {
        return .failure(RejectedEvent(.malformed, "\(error)"))
      }
    }
  }

  private init(_ value: JSONValue) throws(RejectedEvent) {
    guard case .object(let members) = value else { throw RejectedEvent(.malformed, "an event must be an object") }
    var kind: EventKind?
    token = ""
    var seen = Set<String>()
    for member in members {
      guard seen.insert(member.name).inserted else {
        throw RejectedEvent(.malformed, "'\(member.name.prefix(40))' appears twice; send it once")
      }
      guard member.value != .null else { continue }
      switch member.name {
      case "event": kind = try Self.kind(member.value)
      case "token": token = try Self.text(member)
      case "value": self.value = try Self.amount(member.value)
      case "id": id = try Self.text(member)
      case "time": time = try Self.time(member.value)
      default:
        throw RejectedEvent(
          .malformed, "there is no field '\(member.name.prefix(40))'; known are event, token, value, id, time")
      }
    }
    guard let kind else {
      throw RejectedEvent(.malformed, "'event' is missing; send impression, click or conversion")
    }
    self.kind = kind
    try checkBounds()
  }

  private func checkBounds() throws(RejectedEvent) {
    guard !token.isEmpty else {
      throw RejectedEvent(.malformed, "'token' is missing; send the token of the ad from /rank")
    }
    guard (id ?? "").utf8.count <= Limits.idByteCountMax else {
      throw RejectedEvent(.malformed, "'id' is longer than \(Limits.idByteCountMax) bytes")
    }
  }

  private static func kind(_ value: JSONValue) throws(RejectedEvent) -> EventKind {
    switch value {
    case .string("impression"): return .impression
    case .string("click"): return .click
    case .string("conversion"): return .conversion
    default: throw RejectedEvent(.malformed, "'event' must be impression, click or conversion")
    }
  }

  private static func text(_ member: JSONValue.Member) throws(RejectedEvent) -> String {
    guard case .string(let text) = member.value else {
      throw RejectedEvent(.malformed, "'\(member.name)' must be a string")
    }
    return text
  }

  private static func amount(_ value: JSONValue) throws(RejectedEvent) -> Double {
    guard let amount = try? JSONBody.number(value, "value"), amount >= 0 else {
      throw RejectedEvent(.malformed, "'value' must be a number of at least 0")
    }
    return abs(amount)
  }

  private static func time(_ value: JSONValue) throws(RejectedEvent) -> Milliseconds {
    guard case .string(let text) = value, let time = TimeFormat.iso8601.time(text), isZoned(text) else {
      throw RejectedEvent(.time, "'time' must be ISO 8601 with a zone, such as 2026-01-31T12:00:00.000Z")
    }
    guard time >= Limits.timeMin else {
      throw RejectedEvent(.time, "'time' lies before the year 2000; check the sender's clock")
    }
    return time
  }

  /// Whether the time of day is followed by a zone, without which nobody knows what the sender meant.
  private static func isZoned(_ text: String) -> Bool {
    text.dropFirst("2026-01-31".count).contains { "Z+-".contains($0) }
  }
}
