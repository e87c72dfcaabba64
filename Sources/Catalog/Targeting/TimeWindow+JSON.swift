extension TimeWindow {
  /// `{"days":["mon","tue"],"from":"08:00","to":"18:00","zone":"Europe/Berlin"}`; every member may be left out.
  init(json: JSONValue) throws(CatalogError) {
    var (days, start, end, zone) = (Self.everyDay, 0, Self.minuteCount, "UTC")
    for member in try json.members("a window of the schedule") {
      switch member.name {
      case "days": days = try Self.days(member.value)
      case "from": start = try Self.minute(member.value, "from")
      case "to": end = try Self.minute(member.value, "to")
      case "zone": zone = try member.value.text("the 'zone' of a window of the schedule")
      default:
        throw CatalogError(
          .invalidAd, "the key '\(member.name)' of the schedule is unknown; a window has days, from, to and zone")
      }
    }
    try self.init(days: days, start: start, end: end, zone: zone)
  }

  func appendJSON(to bytes: inout [UInt8]) {
    bytes += "{".utf8
    if days != Self.everyDay {
      let names = Self.dayNames.indices.filter { days >> $0 & 1 == 1 }.map { "\"\(Self.dayNames[$0])\"" }
      bytes += "\"days\":[\(names.joined(separator: ","))],".utf8
    }
    bytes += "\"from\":\"\(Self.text(start))\",\"to\":\"\(Self.text(end))\",\"zone\":\"\(zone)\"}".utf8
  }

  /// The window in words, such as `mon tue 08:00–18:00 Europe/Berlin`.
  var text: String {
    let names =
      days == Self.everyDay ? [] : Self.dayNames.indices.filter { days >> $0 & 1 == 1 }.map { Self.dayNames[$0] }
    return (names + ["\(Self.text(start))–\(Self.text(end))", zone]).joined(separator: " ")
  }

  private static func text(_ minute: Int) -> String {
    [minute / 60, minute % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
  }

  private static func days(_ json: JSONValue) throws(CatalogError) -> UInt8 {
    guard case .array(let elements) = json else { throw json.mismatch("'days' of the schedule", "an array of days") }
    var days: UInt8 = 0
    for element in elements {
      let name = try element.text("a day of the schedule")
      guard let day = dayNames.firstIndex(of: name) else {
        throw CatalogError(
          .invalidAd, "the day '\(name.prefix(32))' is unknown; days are \(dayNames.joined(separator: ", "))")
      }
      days |= 1 << UInt8(day)
    }
    return days
  }

  private static func minute(_ json: JSONValue, _ name: String) throws(CatalogError) -> Int {
    let text = try json.text("'\(name)' of the schedule")
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.count == 2 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60, hour * 60 + minute <= minuteCount
    else {
      throw CatalogError(
        .invalidAd, "'\(name)' of the schedule is '\(text.prefix(32))'; write a time of day from 00:00 to 24:00")
    }
    return hour * 60 + minute
  }
}
