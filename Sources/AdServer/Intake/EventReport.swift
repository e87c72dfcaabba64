import Events
import Foundation
import HTTPServer
import HTTPTypes

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
  }
}

extension EventReport {
  /// Splits a body of /log: one object, an array, or an object a line.
  ///
  /// - returns: for each event the report, or why it can't be read.
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
      do { return .success(try EventReport(value)) } catch let error as RejectedEvent { return .failure(error) } catch {
        return .failure(RejectedEvent(reason: "not an object"))
      }
    }
  }

  private static func values(_ body: [UInt8], mediaType: String?) throws -> [Any] {
    if mediaType != "application/x-ndjson" {
      do {
        let value = try JSONBody.value(body)
        return value as? [Any] ?? [value]
      } catch  where !body.contains(UInt8(ascii: "\n")) { throw error } catch {}
    }
    return try body.split(separator: UInt8(ascii: "\n")).enumerated().compactMap { index, line in
      guard line.contains(where: { $0 > UInt8(ascii: " ") }) else { return nil }
      do { return try JSONBody.value(Array(line)) } catch {
        throw Problem(
          .badRequest, title: "Invalid JSON", detail: "line \(index + 1) isn't valid JSON; nothing was stored")
      }
    }
  }

  private init(_ value: Any) throws {
    guard let fields = value as? [String: Any] else { throw RejectedEvent(reason: "an event must be an object") }
    kind = .impression
    token = ""
    var isKnown = false
    for (key, field) in fields where !(field is NSNull) {
      switch key {
      case "event":
        kind = try Self.kind(field)
        isKnown = true
      case "token": token = try Self.text(field, key)
      case "value": self.value = try Self.amount(field)
      case "id": id = try Self.text(field, key)
      case "time": time = try Self.time(field)
      default:
        throw RejectedEvent(reason: "there is no field '\(key.prefix(40))'; known are event, token, value, id, time")
      }
    }
    guard isKnown else { throw RejectedEvent(reason: "'event' is missing; send impression, click or conversion") }
    guard !token.isEmpty else { throw RejectedEvent(reason: "'token' is missing; send the token of the ad from /rank") }
    guard (id ?? "").utf8.count <= Limits.idByteCountMax else {
      throw RejectedEvent(reason: "'id' is longer than \(Limits.idByteCountMax) bytes")
    }
  }

  private static func kind(_ field: Any) throws -> EventKind {
    switch field as? String {
    case "impression": return .impression
    case "click": return .click
    case "conversion": return .conversion
    default: throw RejectedEvent(reason: "'event' must be impression, click or conversion")
    }
  }

  private static func text(_ field: Any, _ name: String) throws -> String {
    guard let text = field as? String else { throw RejectedEvent(reason: "'\(name)' must be a string") }
    return text
  }

  private static func amount(_ field: Any) throws -> Double {
    guard let value = try? JSONBody.number(field, "value"), value >= 0 else {
      throw RejectedEvent(reason: "'value' must be a number of at least 0")
    }
    return value
  }

  private static func time(_ field: Any) throws -> Milliseconds {
    guard let text = field as? String, let time = Timestamp.milliseconds(text) else {
      throw RejectedEvent(reason: "'time' must be ISO 8601 with a zone, such as 2026-01-31T12:00:00.000Z")
    }
    return time
  }
}

/// Why one event of a call was not taken.
struct RejectedEvent: Error, Equatable {
  var reason: String
}

/// Points in time as text, by ISO 8601 (RFC 3339).
enum Timestamp {
  /// Milliseconds since 1970 UTC, or `nil` when `text` is no date and time with a zone.
  static func milliseconds(_ text: String) -> Milliseconds? {
    let date =
      (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text))
      ?? (try? Date.ISO8601FormatStyle().parse(text))
    return date.map { Milliseconds(($0.timeIntervalSince1970 * 1000).rounded()) }
  }
}
