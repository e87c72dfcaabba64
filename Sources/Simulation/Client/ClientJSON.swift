import Catalog
import Events
import Foundation

/// The bodies of the public contract.
enum ClientJSON {
  static func body(_ view: PageView) -> [UInt8] {
    var text: [UInt8] = Array("{\"user\":".utf8)
    quote(view.user, to: &text)
    text += ",\"context\":{".utf8
    for (index, field) in view.context.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      quote(field.key, to: &text)
      text.append(UInt8(ascii: ":"))
      quote(field.value, to: &text)
    }
    text += view.isDryRun ? "},\"dry_run\":true}".utf8 : "}}".utf8
    return text
  }

  static func body(_ events: [EventMessage]) -> [UInt8] {
    var text: [UInt8] = [UInt8(ascii: "[")]
    for (index, event) in events.enumerated() {
      text += "\(index > 0 ? "," : ""){\"event\":\"\(event.kind.label)\",\"token\":".utf8
      quote(event.token, to: &text)
      if let id = event.id {
        text += ",\"id\":".utf8
        quote(id, to: &text)
      }
      if let value = event.value { text += ",\"value\":\(value)".utf8 }
      if let time = event.time { text += ",\"time\":\"\(TimeText.string(time))\"".utf8 }
      text += "}".utf8
    }
    text.append(UInt8(ascii: "]"))
    return text
  }

  static func rank(_ body: ArraySlice<UInt8>) throws(ClientError) -> RankAnswer {
    let json = try value(body)
    return RankAnswer(
      decision: try text(json, "decision"), model: try text(json, "model"),
      experiments: Dictionary(
        members(json, "experiments").compactMap { member in member.value.scalarText.map { (member.name, $0) } }
      ) { $1 },
      ads: try elements(json, "ads").map { (ad) throws(ClientError) in
        RankAnswer.Ad(
          slot: Int(try number(ad, "slot")), ad: try text(ad, "ad"), ctr: try number(ad, "ctr"),
          bid: try number(ad, "bid"), price: try number(ad, "price"), token: try text(ad, "token"))
      })
  }

  static func receipt(_ body: ArraySlice<UInt8>) throws(ClientError) -> LogAnswer {
    let json = try value(body)
    return LogAnswer(
      accepted: Int(try number(json, "accepted")), duplicates: Int(try number(json, "duplicates")),
      rejections: elements(json, "rejected").map { member($0, "reason")?.scalarText ?? "" })
  }

  /// A text in quotes (RFC 8259).
  static func quote(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0..<0x20: bytes += String(format: "\\u%04x", Int(byte)).utf8
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func value(_ body: ArraySlice<UInt8>) throws(ClientError) -> JSONValue {
    do { return try JSONValue(parsing: body) } catch {
      throw ClientError("the server's answer can't be read: \(error)")
    }
  }

  private static func member(_ json: JSONValue, _ name: String) -> JSONValue? {
    guard case .object(let members) = json else { return nil }
    return members.first { $0.name == name }?.value
  }

  private static func members(_ json: JSONValue, _ name: String) -> [JSONValue.Member] {
    guard case .object(let members)? = member(json, name) else { return [] }
    return members
  }

  private static func elements(_ json: JSONValue, _ name: String) -> [JSONValue] {
    guard case .array(let elements)? = member(json, name) else { return [] }
    return elements
  }

  private static func text(_ json: JSONValue, _ name: String) throws(ClientError) -> String {
    guard let text = member(json, name)?.scalarText else { throw ClientError("the server's answer lacks '\(name)'") }
    return text
  }

  private static func number(_ json: JSONValue, _ name: String) throws(ClientError) -> Double {
    guard let number = Double(try text(json, name)) else {
      throw ClientError("'\(name)' in the server's answer is no number")
    }
    return number
  }
}
