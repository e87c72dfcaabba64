extension ProxyAnalysis {
  /// The candidates as a table, the segments as another, and the recommendation, ending in a newline.
  public var text: String {
    let rows = candidates.map { candidate in
      [
        candidate.proxy.title, candidate.experiments.map { Self.text($0.correlation, $0.interval) } ?? "–",
        candidate.experiments?.signAgreement.map(Text.percent) ?? "–", Self.text(candidate.levels),
        Self.text(candidate.adjusted), Self.text(candidate.disjoint),
        candidate.unitsPerArm.map(Text.count) ?? "–", candidate.words,
      ]
    }
    let heading =
      "Proxies against \(business), over \(comparisonCount) comparisons of past experiments and \(bucketCount) "
      + "\(bucket.rawValue)s; users an arm needs to see a change of \(Text.percent(relativeEffect)) "
      + "(\(business): \(businessUnitsPerArm.map(Text.count) ?? "–"))"
    let header = [
      "proxy", "true effects", "same direction", "by \(bucket.rawValue)", "adjusted", "adjusted, other users", "users",
      "in words",
    ]
    return [heading, Text.table(header, rows), segmentTable, recommendation].filter { !$0.isEmpty }
      .joined(separator: "\n\n") + "\n"
  }

  private var segmentTable: String {
    guard let segmentField, !segments.isEmpty else { return "" }
    let header = [segmentField, "impressions", business] + candidates.map(\.proxy.title)
    let rows = segments.prefix(20).map { segment in
      [segment.name, Text.count(segment.impressionCount), Text.number(segment.business)]
        + segment.proxies.map(Text.number)
    }
    return Text.table(header, rows)
  }

  private static func text(_ correlation: Correlation?) -> String {
    correlation.map { text($0.value, $0.interval) } ?? "–"
  }

  private static func text(_ value: Double, _ interval: Interval) -> String {
    "\(Text.correlation(value)) (\(Text.range(interval)))"
  }
}
