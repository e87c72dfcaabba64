extension Ad {
  /// The ad that a line of catalog NDJSON describes. Numbers and truth values among its attributes are kept as their
  /// text; null is the same as leaving a key out.
  ///
  /// - throws: ``CatalogError`` when `id` or `bid` is missing, a key is unknown, or a value is of the wrong kind.
  ///   Ranges and lengths are checked by ``validate()``.
  public init(json: JSONValue) throws(CatalogError) {
    self.init(id: "", bid: .nan)
    try merge(json)
    guard !id.isEmpty else { throw CatalogError(.invalidAd, "the id is missing; give every ad one") }
    guard !bid.isNaN else { throw CatalogError(.invalidAd, "the bid is missing; give it in currency units a click") }
  }

  /// Changes what `json` mentions and keeps the rest, as a JSON merge patch does (RFC 7396): members of attributes,
  /// targeting, budget and creative are set one by one, and null removes. A targeted field is set as a whole.
  ///
  /// - throws: ``CatalogError`` as ``init(json:)`` does; the ad may then be half changed.
  public mutating func merge(_ json: JSONValue) throws(CatalogError) {
    for member in try json.members("the ad") {
      switch member.name {
      case "id": id = try member.value.text("the id")
      case "bid": bid = try member.value.amount("the bid")
      case "status": status = try Status(member.value)
      case "attributes": try mergeAttributes(member.value)
      case "targeting": try mergeTargeting(member.value)
      case "budget": try mergeBudget(member.value)
      case "creative": try creative.merge(member.value)
      default:
        throw CatalogError(
          .invalidAd,
          "the key '\(member.name)' is unknown; an ad has id, bid, status, attributes, targeting, budget and creative, "
            + "and everything else belongs into attributes")
      }
    }
  }

  private mutating func mergeAttributes(_ json: JSONValue) throws(CatalogError) {
    guard json != .null else { return attributes = [:] }
    for member in try json.members("attributes") {
      guard member.value != .null else {
        attributes[member.name] = nil
        continue
      }
      attributes[member.name] = try member.value.scalar("the attribute '\(member.name)'")
    }
  }

  private mutating func mergeTargeting(_ json: JSONValue) throws(CatalogError) {
    guard json != .null else { return targeting = [:] }
    try targeting.merge(json)
  }

  private mutating func mergeBudget(_ json: JSONValue) throws(CatalogError) {
    guard json != .null else { return budget = nil }
    var merged = budget ?? Budget()
    try merged.merge(json)
    budget = merged
  }
}

extension Ad.Status {
  init(_ json: JSONValue) throws(CatalogError) {
    guard json != .null else {
      self = .active
      return
    }
    try self.init(text: json.text("the status"))
  }

  init(text: String) throws(CatalogError) {
    guard let status = Self(rawValue: text) else {
      let known = Self.allCases.map(\.rawValue).joined(separator: " or ")
      throw CatalogError(.invalidAd, "the status is '\(text.prefix(32))'; it must be \(known)")
    }
    self = status
  }
}

extension Budget {
  mutating func merge(_ json: JSONValue) throws(CatalogError) {
    for member in try json.members("the budget") {
      let isNull = member.value == .null
      switch member.name {
      case "daily": daily = isNull ? nil : try member.value.amount("the daily budget")
      case "total": total = isNull ? nil : try member.value.amount("the total budget")
      case "campaign": campaign = isNull ? nil : try member.value.scalar("the budget's campaign")
      case "billing": billing = isNull ? .cpc : try member.value.choice("the budget's billing")
      case "pacing": pacing = isNull ? nil : try member.value.choice("the budget's pacing")
      case "frequency_cap": frequencyCap = isNull ? nil : try FrequencyCap(member.value)
      default:
        throw CatalogError(
          .invalidAd,
          "the key '\(member.name)' of the budget is unknown; it has daily, total, campaign, billing, pacing and "
            + "frequency_cap")
      }
    }
  }
}

extension Budget.FrequencyCap {
  init(_ json: JSONValue) throws(CatalogError) {
    self.init(impressions: 0, seconds: 0)
    for member in try json.members("the frequency cap") {
      switch member.name {
      case "impressions": impressions = try member.value.count("the frequency cap's impressions")
      case "seconds": seconds = try member.value.count("the frequency cap's seconds")
      default:
        throw CatalogError(
          .invalidAd, "the key '\(member.name)' of the frequency cap is unknown; it has impressions and seconds")
      }
    }
  }
}

extension Creative {
  mutating func merge(_ json: JSONValue) throws(CatalogError) {
    guard json != .null else { return self = Creative() }
    for member in try json.members("the creative") {
      let text = member.value == .null ? "" : try member.value.text("the creative's \(member.name)")
      switch member.name {
      case "title": title = text
      case "image": image = text
      case "url": url = text
      default:
        throw CatalogError(
          .invalidAd, "the key '\(member.name)' of the creative is unknown; it has title, image and url")
      }
    }
  }
}

extension JSONValue {
  func members(_ name: @autoclosure () -> String) throws(CatalogError) -> [Member] {
    guard case .object(let members) = self else { throw mismatch(name(), "an object") }
    return members
  }

  func text(_ name: @autoclosure () -> String) throws(CatalogError) -> String {
    guard case .string(let text) = self else { throw mismatch(name(), "a text") }
    return text
  }

  func amount(_ name: @autoclosure () -> String) throws(CatalogError) -> Double {
    guard case .number(let text) = self, let amount = Double(text) else { throw mismatch(name(), "a number") }
    return amount
  }

  func count(_ name: @autoclosure () -> String) throws(CatalogError) -> Int {
    guard case .number(let text) = self, let count = Int(text) else { throw mismatch(name(), "a whole number") }
    return count
  }

  func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: @autoclosure () -> String
  ) throws(CatalogError) -> Choice {
    let text = try text(name())
    guard let choice = Choice(rawValue: text) else {
      let known = Choice.allCases.map(\.rawValue).joined(separator: " or ")
      throw CatalogError(.invalidAd, "\(name()) is '\(text.prefix(32))'; it must be \(known)")
    }
    return choice
  }

  func scalar(_ name: @autoclosure () -> String) throws(CatalogError) -> String {
    guard let text = scalarText else { throw mismatch(name(), "a text, a number or a truth value") }
    return text
  }

  func mismatch(_ name: String, _ expected: String) -> CatalogError {
    CatalogError(.invalidAd, "\(name) must be \(expected), not \(kind)")
  }
}
