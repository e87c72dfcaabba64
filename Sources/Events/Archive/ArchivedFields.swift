import Catalog

/// The members of one archived line by name.
struct ArchivedFields {
  private let members: [String: JSONValue]

  init(_ line: ArraySlice<UInt8>) throws(LineError) {
    guard case .object(let members) = try JSONValue(parsing: line) else {
      throw LineError("the line isn't a JSON object")
    }
    self.members = Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
  }

  func optionalText(_ name: String) throws(LineError) -> String? {
    guard let value = members[name] else { return nil }
    guard let text = value.scalarText else { throw LineError("'\(name)' is \(value.kind)") }
    return text
  }

  func text(_ name: String) throws(LineError) -> String {
    guard let text = try optionalText(name) else { throw LineError("'\(name)' is missing") }
    return text
  }

  func integer(_ name: String) throws(LineError) -> Int64 {
    guard let number = Int64(try text(name)) else { throw LineError("'\(name)' isn't a whole number") }
    return number
  }

  func optionalNumber(_ name: String) throws(LineError) -> Double? {
    guard let text = try optionalText(name) else { return nil }
    guard let number = Double(text) else { throw LineError("'\(name)' isn't a number") }
    return number
  }

  func number(_ name: String) throws(LineError) -> Double {
    guard let number = try optionalNumber(name) else { throw LineError("'\(name)' is missing") }
    return number
  }

  func map(_ name: String) throws(LineError) -> [String: String] {
    guard case .object(let entries)? = members[name] else { throw LineError("'\(name)' isn't an object") }
    var map: [String: String] = [:]
    for entry in entries {
      guard case .string(let text) = entry.value else { throw LineError("'\(name).\(entry.name)' isn't a text") }
      map[entry.name] = text
    }
    return map
  }

  func invalidReason() throws(LineError) -> InvalidReason? {
    guard let label = try optionalText("invalid") else { return nil }
    guard let reason = InvalidReason.allCases.first(where: { $0.label == label }) else {
      throw LineError("the reason '\(label)' is not known here; read it with the release that wrote it")
    }
    return reason
  }

  func servedAd() throws(LineError) -> ServedAd {
    let (objective, traffic) = (try text("objective"), try text("traffic"))
    guard let decision = DecisionID(hexadecimal: try text("decision")), let slot = Int(exactly: try integer("slot")),
      let objective = Objective(rawValue: objective), let traffic = Traffic(rawValue: traffic)
    else { throw LineError("decision, slot, objective or traffic is impossible") }
    return ServedAd(
      decision: decision, slot: slot, time: try integer("served_ms"), user: try text("user"),
      context: try map("context"), ad: try text("ad"), attributes: try map("attributes"), model: try text("model"),
      experiments: try map("experiments"), objective: objective, ctr: try number("ctr"), bid: try number("bid"),
      price: try number("price"), propensity: try number("propensity"), traffic: traffic)
  }
}
