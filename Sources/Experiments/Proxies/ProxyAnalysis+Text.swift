extension ProxyAnalysis {
  /// The candidates as a table, the segments as another, and the recommendation, ending in a newline.
  public var text: String {
    let rows = candidates.map { candidate in
      [
        candidate.proxy.title, Self.text(candidate.levels), Self.text(candidate.adjusted),
        Self.text(candidate.disjoint), candidate.signAgreement.map(Text.percent) ?? "–", candidate.words,
      ]
    }
    let heading = "Proxies against revenue per 1000 impressions, over \(bucketCount) \(bucket.rawValue)s"
    let header = ["proxy", "as it is", "adjusted", "adjusted, other users", "same direction", "in words"]
    return [heading, Text.table(header, rows), segmentTable, recommendation].filter { !$0.isEmpty }
      .joined(separator: "\n\n") + "\n"
  }

  private var segmentTable: String {
    guard let segmentField, !segments.isEmpty else { return "" }
    let header = [segmentField, "impressions", "RPM"] + ProxyMetric.allCases.map(\.title)
    let rows = segments.prefix(20).map { segment in
      [segment.name, Text.count(segment.impressionCount), Text.number(segment.revenuePerThousand)]
        + segment.proxies.map(Text.number)
    }
    return Text.table(header, rows)
  }

  private static func text(_ correlation: Correlation?) -> String {
    correlation.map {
      "\(Text.correlation($0.value)) (\(Text.correlation($0.interval.low)) … \(Text.correlation($0.interval.high)))"
    } ?? "–"
  }
}
