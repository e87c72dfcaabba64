extension AATest {
  /// The rates as a table and the p-values as bars, ending in a newline.
  public var text: String {
    let heading =
      "\(Text.count(runCount)) experiments on \(Text.count(userCount)) users and \(dayCount) days of your own, with arms that "
      + "differ in nothing"
    let header = [
      "metric", "read once: called different", "interval", "with the past", "looked at daily", "p-values by tenths",
      "verdict",
    ]
    let rows = metrics.map { outcome in
      [
        outcome.metric, Text.percent(outcome.fixedHorizon.share), Self.range(outcome.fixedHorizon),
        outcome.withPast.map { Text.percent($0.share) } ?? "–", Text.percent(outcome.alwaysValid.share),
        Self.bars(outcome.histogram), outcome.verdict.words,
      ]
    }
    let alarms =
      "wrong splits of users: \(sampleRatioAlarms.count) (\(Text.percent(ReportOptions.sampleRatioAlpha)) are expected, about)"
    return [heading, Text.table(header, rows), alarms, conclusion].joined(separator: "\n\n") + "\n"
  }

  private static func range(_ rate: Rate) -> String {
    "\(Text.percent(rate.interval.low)) … \(Text.percent(rate.interval.high))"
  }

  /// One block for each tenth, as high as its share of the largest.
  private static func bars(_ counts: [Int]) -> String {
    let blocks = Array("▁▂▃▄▅▆▇█")
    let largest = max(1, counts.max() ?? 1)
    return String(counts.map { blocks[min(7, $0 * 8 / (largest + 1))] })
  }
}

extension AATest.Verdict {
  fileprivate var words: String {
    switch self {
    case .right: "as it should be"
    case .tooMany: "too often"
    case .tooFew: "too rarely"
    }
  }
}
