extension MetricDescription {
  /// What Prometheus' naming rules object to, one sentence each, empty when clean.
  ///
  /// The rules are those of `promtool check metrics` (https://prometheus.io/docs/practices/naming) and the suffixes that
  /// OpenMetrics 1.0 requires. The registry repairs names instead of failing, so a test should call this on the whole table.
  public var problems: [String] {
    (nameProblems + unitProblems + bucketProblems + labelProblems).map { "\(name): \($0)" }
      + (help.isEmpty
        ? ["\(name): has no help text; say in one sentence what it counts or measures"] : [])
  }

  private var nameProblems: [String] {
    var found: [String] = []
    let repaired = MetricName.normalized(name, kind: kind)
    if repaired != name { found.append("is exposed as \(repaired); rename it") }
    if Self.isCamelCase(name) { found.append("write it in snake_case") }
    for word in words where ["counter", "gauge", "histogram", "summary"].contains(word) {
      found.append("leave the type '\(word)' out of the name")
    }
    return found
  }

  private var unitProblems: [String] {
    var found: [String] = []
    let stem = MetricName.family(of: name)
    if let unit, !stem.hasSuffix("_\(unit.rawValue)") {
      found.append("must end with its unit, _\(unit.rawValue)\(kind == .counter ? "_total" : "")")
    }
    for word in words {
      if Self.abbreviatedUnits.contains(word) { found.append("spell out the unit '\(word)'") }
      if let base = Self.baseUnit(of: word) {
        found.append("use the base unit \(base) instead of \(word)")
      }
    }
    return found
  }

  private var bucketProblems: [String] {
    guard let buckets else { return [] }
    if kind != .histogram { return ["only a histogram has buckets"] }
    return BucketBounds(buckets).upperBounds == buckets
      ? [] : ["bucket bounds must be finite, ascending and at most \(BucketBounds.countMax)"]
  }

  private var labelProblems: [String] {
    var found: [String] = []
    for label in labels {
      if !LabelSet.isUsable(name: label) {
        found.append("label '\(label)' is not a usable label name")
      }
      if Self.isCamelCase(label) { found.append("write label '\(label)' in snake_case") }
    }
    if Set(labels).count < labels.count { found.append("a label name repeats") }
    return found
  }

  private var words: [String] { name.lowercased().split(separator: "_").map(String.init) }

  private static func isCamelCase(_ text: String) -> Bool {
    zip(text, text.dropFirst()).contains { $0.isLowercase && $1.isUppercase }
  }

  private static let abbreviatedUnits: Set<String> = [
    "s", "ms", "us", "ns", "sec", "b", "kb", "mb", "gb", "tb", "pb", "m", "h", "d",
  ]

  /// The unit to use instead of `word`; nil when `word` is no unit or already the base unit.
  private static func baseUnit(of word: String) -> String? {
    let other = [
      "minutes": "seconds", "hours": "seconds", "days": "seconds", "weeks": "seconds",
      "bits": "bytes",
    ]
    if let base = other[word] { return base }
    let prefixes = [
      "nano", "micro", "milli", "kilo", "kibi", "mega", "mebi", "giga", "gibi", "tera", "tebi",
    ]
    return ["seconds", "bytes"].first { base in prefixes.contains { word == $0 + base } }
  }
}
