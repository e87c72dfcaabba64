/// The value of Accept-Encoding (RFC 9110, 12.5.3).
struct AcceptEncoding {
  /// Whether the client takes gzip, and at least as gladly as no coding.
  let prefersGzip: Bool

  init(_ value: String) {
    var weights: [String: Double] = [:]
    for element in value.split(separator: ",") {
      let parts = element.split(separator: ";").map { Self.trimmed($0).lowercased() }
      guard let coding = parts.first, !coding.isEmpty else { continue }
      var weight = 1.0
      for parameter in parts.dropFirst() where parameter.hasPrefix("q=") {
        weight = Self.weight(parameter.dropFirst(2))
      }
      weights[coding] = weight
    }
    let gzip = weights["gzip"] ?? weights["x-gzip"] ?? weights["*"] ?? 0
    prefersGzip = gzip > 0 && gzip >= weights["identity"] ?? 0
  }

  /// `0`, `1`, or three decimals; anything else counts as 0, so a broken value never brings gzip upon a client.
  private static func weight(_ text: Substring) -> Double {
    guard let value = Double(text), (0...1).contains(value), text.utf8.count <= 5 else { return 0 }
    return value
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return text
  }
}
