import Learning

/// The measures of predictions as rows of a table.
enum QualityTable {
  static let measures: [(String, @Sendable (EvaluationReport) -> String)] = EvaluationReport.measures.map {
    name, value in
    (name, { text(value($0), isCount: name == "examples" || name == "clicks") })
  }

  /// Six decimals, none for counts; a dash for what is undefined.
  static func text(_ value: Double?, isCount: Bool = false) -> String {
    value?.formatted(decimals: isCount ? 0 : 6) ?? "–"
  }

  static func text(_ interval: [Double]?) -> String {
    guard let interval, interval.count == 2 else { return "–" }
    return "\(text(interval[0])) … \(text(interval[1]))"
  }
}
