extension Ad {
  /// Checks what the contract and ``Limits`` ask of an ad.
  ///
  /// - throws: ``CatalogError`` with what is wrong; values other than numbers are left out of its text.
  public func validate() throws(CatalogError) {
    try Self.check(id, name: "the id", byteCountMax: Limits.idByteCountMax)
    guard bid.isFinite, bid >= 0 else {
      throw CatalogError(.invalidAd, "the bid is \(bid); it must be a finite number of at least 0")
    }
    try checkAttributes()
    try targeting.validate()
    try budget?.validate()
    try creative.validate()
  }

  private func checkAttributes() throws(CatalogError) {
    guard attributes.count <= Limits.attributeCountMax else {
      throw CatalogError(
        .invalidAd, "\(attributes.count) attributes are more than \(Limits.attributeCountMax); leave some out")
    }
    for (name, value) in attributes {
      try Self.check(name, name: "the name of an attribute", byteCountMax: Limits.nameByteCountMax)
      guard !value.isEmpty else { continue }
      try Self.check(value, name: "the attribute '\(name)'", byteCountMax: Limits.valueByteCountMax)
    }
  }

  /// A text that may not be empty, too long or hold control characters.
  static func check(_ text: String, name: @autoclosure () -> String, byteCountMax: Int) throws(CatalogError) {
    guard !text.isEmpty else { throw CatalogError(.invalidAd, "\(name()) is empty; give it a text") }
    guard text.utf8.count <= byteCountMax else {
      throw CatalogError(.invalidAd, "\(name()) has \(text.utf8.count) bytes; shorten it to \(byteCountMax)")
    }
    guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
      throw CatalogError(.invalidAd, "\(name()) holds a control character; remove it")
    }
  }
}

extension Budget {
  func validate() throws(CatalogError) {
    for (name, amount) in [("daily", daily), ("total", total)] {
      guard let amount else { continue }
      guard amount.isFinite, amount >= 0 else {
        throw CatalogError(.invalidAd, "the \(name) budget is \(amount); it must be a finite number of at least 0")
      }
    }
    if let campaign {
      try Ad.check(campaign, name: "the budget's campaign", byteCountMax: Ad.Limits.nameByteCountMax)
    }
    try frequencyCap?.validate()
  }
}

extension Budget.FrequencyCap {
  private static let impressionsMax = 65_535
  private static let secondsMax = 366 * 86_400

  func validate() throws(CatalogError) {
    guard (1...Self.impressionsMax).contains(impressions), (1...Self.secondsMax).contains(seconds) else {
      throw CatalogError(
        .invalidAd,
        "the frequency cap is \(impressions) impressions in \(seconds) seconds; give 1 to \(Self.impressionsMax) "
          + "impressions and 1 to \(Self.secondsMax) seconds")
    }
  }
}

extension Creative {
  /// A landing page becomes the Location of a redirect and the image part of a page, so neither may be a script.
  func validate() throws(CatalogError) {
    if !title.isEmpty { try Self.checkLength(title, name: "the title") }
    if !image.isEmpty {
      try Self.checkAddress(image, name: "the image's address")
      guard Self.isWebAddress(image) || !Self.hasScheme(image) else {
        throw CatalogError(.invalidAd, "the image's address must be relative or begin with http:// or https://")
      }
    }
    if !url.isEmpty {
      try Self.checkAddress(url, name: "the url")
      guard Self.isWebAddress(url) else {
        throw CatalogError(.invalidAd, "the url must begin with http:// or https:// and name a host")
      }
    }
  }

  private static func checkLength(_ text: String, name: String) throws(CatalogError) {
    guard text.utf8.count <= Ad.Limits.creativeByteCountMax else {
      throw CatalogError(
        .invalidAd, "\(name) has \(text.utf8.count) bytes; shorten it to \(Ad.Limits.creativeByteCountMax)")
    }
  }

  /// Printable ASCII without spaces, as in RFC 3986; so no line break can reach a header.
  private static func checkAddress(_ text: String, name: String) throws(CatalogError) {
    try checkLength(text, name: name)
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw CatalogError(
        .invalidAd, "\(name) holds a space, a control or a non-ASCII character; percent-encode it")
    }
  }

  /// Whether the address has the scheme http or https and a host.
  private static func isWebAddress(_ text: String) -> Bool {
    let lowercased = text.prefix(8).lowercased()
    guard let scheme = ["https://", "http://"].first(where: lowercased.hasPrefix) else { return false }
    guard let first = text.dropFirst(scheme.count).utf8.first else { return false }
    return !"/?#:".utf8.contains(first)
  }

  /// Whether the address names a scheme: a colon before any slash, question mark or hash.
  private static func hasScheme(_ text: String) -> Bool {
    text.utf8.first { ":/?#".utf8.contains($0) } == UInt8(ascii: ":")
  }
}
