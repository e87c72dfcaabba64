import Events
import Foundation

extension ExperimentReport {
  /// The report as tables of at most about 150 columns, ending in a newline.
  public var text: String {
    let sections = [
      heading, armTable, comparisonTable, longTermTable, segmentTable, dayTable,
      notes.map { "- \($0)" }.joined(separator: "\n"),
    ]
    return sections.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  var heading: String {
    let base = "Experiment \(experiment) (version \(version), by \(unit.rawValue), \(status.rawValue))"
    guard let firstDay, let lastDay else { return base }
    return "\(base): \(firstDay) to \(lastDay)"
  }

  private var armTable: String {
    let header = ["arm", unit.plural, "impressions", "clicks", "revenue"] + metrics.map(\.title)
    let rows = arms.map { arm in
      [arm.name, Text.count(arm.unitCount), Text.count(arm.impressionCount), Text.count(arm.clickCount)]
        + [Text.number(arm.revenue)] + zip(metrics, arm.metrics).map { Text.metric($0, $1.value) }
    }
    var table = Text.table(header, rows)
    if let sampleRatio {
      let judgement = sampleRatio.isMismatch ? "MISMATCH" : "as planned"
      table +=
        "\nsplit of the \(unit.plural): \(judgement) (p = \(Text.pValue(sampleRatio.pValue)) read once, "
        + "\(Text.pValue(sampleRatio.sequentialPValue)) at any time; days amiss: \(sampleRatio.days.count(where: \.isMismatch)) "
        + "of \(sampleRatio.days.count))"
    }
    return table
  }

  private var percentText: String { "\(Int((confidence * 100).rounded())) %" }

  private var comparisonTable: String {
    guard !comparisons.isEmpty else { return "" }
    let header = ["against \(arms[0].name)", "change", "\(percentText) if read once", "\(percentText) at any time"]
    let rows = comparisons.map { comparison in
      ["\(comparison.arm): \(title(comparison.metric))"] + comparison.cells + [
        Text.pValue(comparison.adjustedPValue), comparison.cupedText, comparison.verdict.words,
      ]
    }
    return Text.table(header + ["adjusted p", "with the past", "verdict"], rows)
  }

  private var longTermTable: String {
    guard let first = longTerm.first else { return "" }
    let design = first.design == .cohort ? "last days against first days" : "days after the experiment"
    let header = [
      "long term (\(design))", "at once", "learned", "over a year", "\(percentText) if read once",
      "a \(unit.rawValue) and year",
      "verdict",
    ]
    let rows = longTerm.map { effect in
      [
        "\(effect.arm): \(title(effect.metric))", Text.change(effect.shortTerm.value),
        Text.change(effect.learned.value),
        Text.change(effect.year.value), Text.interval(effect.year.interval, isRelative: true),
        effect.yearPerUnit.map { Text.number($0.value) } ?? "–", effect.verdict.words,
      ]
    }
    return Text.table(header, rows)
  }

  /// The goal and the proxy only: all metrics are in the JSON.
  private var segmentTable: String {
    let rows = segments.flatMap { segment in
      segment.comparisons.filter { followedMetrics.contains($0.metric) }.map { comparison in
        ["\(segment.field) \(segment.value), \(comparison.arm): \(title(comparison.metric))"]
          + [Text.count(segment.unitCounts.reduce(0, +))] + comparison.cells
          + [Text.pValue(comparison.adjustedPValue), comparison.verdict.words]
      }
    }
    let header = ["segment", unit.plural, "change", "\(percentText) if read once", "\(percentText) at any time"]
    return rows.isEmpty ? "" : Text.table(header + ["adjusted p", "verdict"], rows)
  }

  /// The goal and the proxy of the last days: the whole series is in the JSON and the page.
  private var dayTable: String {
    let followed = days.filter { followedMetrics.contains($0.metric) }
    let shown = followed.suffix(14 * followedMetrics.count * max(1, arms.count - 1))
    guard Set(days.map(\.day)).count > 1 else { return "" }
    let rows = shown.map { day in
      [
        "\(day.day) \(day.arm): \(title(day.metric))", Text.count(day.controlUnitCount), Text.count(day.unitCount),
        day.relativeDifference.map(Text.change) ?? "–",
        day.relativeInterval.map { Text.interval($0, isRelative: true) } ?? "–",
        day.soFarRelative.map { Text.interval($0.alwaysValid, isRelative: true) } ?? "–",
      ]
    }
    let header = [
      "by day", "control \(unit.plural)", unit.plural, "change", "interval", "all days so far, at any time",
    ]
    return Text.table(header, rows)
  }

  /// Names of the first goal and the first proxy.
  var followedMetrics: [String] {
    [MetricDefinition.Role.proxy, .goal].compactMap { role in metrics.first { $0.role == role }?.name }
  }
}

extension Comparison {
  /// The change and its two intervals.
  fileprivate var cells: [String] {
    let effect = relative ?? absolute
    let isRelative = relative != nil
    return [
      isRelative ? Text.change(effect.difference) : Text.number(effect.difference),
      Text.interval(effect.fixedHorizon, isRelative: isRelative),
      Text.interval(effect.alwaysValid, isRelative: isRelative),
    ]
  }

  /// CUPED's interval as shares of the control's value.
  fileprivate var cupedText: String {
    guard let adjusted, control != 0 else { return "–" }
    return Text.interval(adjusted.fixedHorizon * (1 / control), isRelative: true)
  }
}

extension Comparison.Verdict {
  var words: String {
    switch self {
    case .tooLittleData: "too little data"
    case .open: "may be chance"
    case .higher: "higher"
    case .lower: "lower"
    case .invalid: "invalid split"
    }
  }
}
