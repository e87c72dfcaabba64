/// Turns swift-metrics labels (`http.requests`, `rank_ms`) into names that Prometheus and OpenMetrics accept.
enum MetricName {
  /// Longest name kept, in bytes.
  static let bytesMax = 200

  /// `label` with other characters than letters, digits and `_` replaced by `_`; a counter ends in `_total`, the rest
  /// loses the suffixes that belong to counters and histograms.
  static func normalized(_ label: String, kind: MetricDescription.Kind) -> String {
    var name = sanitized(label)
    if kind == .counter { return name.hasSuffix("_total") ? name : name + "_total" }
    while let suffix = reservedSuffixes.first(where: { name.hasSuffix($0) && name.count > $0.count }
    ) {
      name.removeLast(suffix.count)
    }
    return name
  }

  /// As ``normalized(_:kind:)`` for a histogram, ending in `_seconds` whatever unit of time `label` ended in.
  static func normalizedTimer(_ label: String) -> String {
    var name = normalized(label, kind: .histogram)
    if name.hasSuffix("_seconds") { return name }
    if let suffix = timeSuffixes.first(where: { name.hasSuffix($0) && name.count > $0.count }) {
      name.removeLast(suffix.count)
    }
    return name + "_seconds"
  }

  /// The OpenMetrics family of a normalized name: without `_total`.
  static func family(of name: String) -> String {
    name.hasSuffix("_total") ? String(name.dropLast("_total".count)) : name
  }

  private static let reservedSuffixes = ["_total", "_bucket", "_count", "_sum", "_created"]
  private static let timeSuffixes = [
    "_milliseconds", "_microseconds", "_nanoseconds", "_ms", "_us", "_ns",
  ]

  private static func sanitized(_ label: String) -> String {
    let kept = label.unicodeScalars.prefix(bytesMax).map { isNameScalar($0) ? Character($0) : "_" }
    guard let first = kept.first else { return "unnamed" }
    return first.isNumber ? "_" + String(kept) : String(kept)
  }

  static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_": true
    default: false
    }
  }
}
