extension Targeting {
  /// The name under which the schedule stands beside the context fields. It is an array of objects; an array of texts under
  /// this name is a context field like any other.
  static let scheduleName = "schedule"

  /// Sets what `json` mentions: for a field `["DE","AT"]`, `{"in":["DE"]}` or `{"not":["tv"]}`, and the schedule as an array
  /// of windows. Null removes.
  mutating func merge(_ json: JSONValue) throws(CatalogError) {
    for member in try json.members("targeting") {
      let isSchedule = member.name == Self.scheduleName
      if isSchedule, case .array(let elements) = member.value, case .object? = elements.first {
        schedule = []
        for element in elements { schedule.append(try TimeWindow(json: element)) }
        continue
      }
      if isSchedule, member.value == .null { schedule = [] }
      try setField(member.name, member.value)
    }
  }

  private mutating func setField(_ name: String, _ json: JSONValue) throws(CatalogError) {
    allowed[name] = nil
    forbidden[name] = nil
    switch json {
    case .null: return
    case .array: allowed[name] = try Self.values(json, name)
    case .object(let members) where !members.isEmpty:
      for member in members {
        switch member.name {
        case "in": allowed[name] = try Self.values(member.value, name)
        case "not": forbidden[name] = try Self.values(member.value, name)
        default:
          throw CatalogError(
            .invalidAd, "the key '\(member.name)' in the targeting of '\(name)' is unknown; it has in and not")
        }
      }
    default:
      throw json.mismatch(
        "targeting of '\(name)'", "an array of texts, or an object of such arrays like {\"not\":[\"tv\"]}")
    }
  }

  private static func values(_ json: JSONValue, _ name: String) throws(CatalogError) -> [String] {
    guard case .array(let elements) = json else { throw json.mismatch("targeting of '\(name)'", "an array of texts") }
    var values: [String] = []
    for element in elements { values.append(try element.scalar("a targeting value of '\(name)'")) }
    return values
  }

  func appendJSON(to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "{"))
    var isFirst = true
    for field in fields.sorted(by: utf8Precedes) {
      bytes.appendJSONName(field, isFirst: &isFirst)
      guard let forbidden = forbidden[field] else {
        bytes.appendJSON(allowed[field] ?? [])
        continue
      }
      bytes += "{".utf8
      if let allowed = allowed[field] {
        bytes += "\"in\":".utf8
        bytes.appendJSON(allowed)
        bytes += ",".utf8
      }
      bytes += "\"not\":".utf8
      bytes.appendJSON(forbidden)
      bytes += "}".utf8
    }
    if !schedule.isEmpty { appendSchedule(to: &bytes, isFirst: &isFirst) }
    bytes.append(UInt8(ascii: "}"))
  }

  private func appendSchedule(to bytes: inout [UInt8], isFirst: inout Bool) {
    bytes.appendJSONName(Self.scheduleName, isFirst: &isFirst)
    bytes.append(UInt8(ascii: "["))
    for (index, window) in schedule.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      window.appendJSON(to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
  }
}
