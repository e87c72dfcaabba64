import Events
import Foundation

extension ExperimentReport {
  /// The report as tables of at most about 130 columns, ending in a newline.
  public var text: String {
    let sections = [heading, armTable, comparisonTable, dayTable, notes.map { "- \($0)" }.joined(separator: "\n")]
    return sections.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  var heading: String {
    let base = "Experiment \(experiment) (version \(version), by \(unit.rawValue), \(status.rawValue))"
    guard let from, let through else { return base }
    let days = through.dayIndex - from.dayIndex + 1
    return "\(base): \(dayText(from.dayIndex)) to \(dayText(through.dayIndex)), \(days) day\(days == 1 ? "" : "s")"
  }

  private var armTable: String {
    let header = ["arm", unit.plural, "impressions", "clicks", "revenue"] + Metric.allCases.map(shortTitle)
    let rows = arms.map { arm in
      [arm.name, Text.count(arm.unitCount), Text.count(arm.impressionCount), Text.count(arm.clickCount)]
        + [Text.number(arm.revenue)] + arm.metrics.map { Text.metric($0.metric, $0.value) }
    }
    var table = Text.table(header, rows)
    if let sampleRatio {
      let judgement = sampleRatio.isMismatch ? "MISMATCH" : "as planned"
      table += "\nsplit of the \(unit.plural): \(judgement) (p = \(Text.pValue(sampleRatio.pValue)))"
    }
    return table
  }

  private var comparisonTable: String {
    guard !comparisons.isEmpty else { return "" }
    let percent = Int((confidence * 100).rounded())
    let header = ["against \(arms[0].name)", "change", "\(percent) % if read once", "\(percent) % at any time"]
    let rows = comparisons.map { comparison in
      let effect = comparison.relative ?? comparison.absolute
      let isRelative = comparison.relative != nil
      return [
        "\(comparison.arm): \(shortTitle(comparison.metric))",
        isRelative ? Text.change(effect.difference) : Text.number(effect.difference),
        Text.interval(effect.fixedHorizon, isRelative: isRelative),
        Text.interval(effect.alwaysValid, isRelative: isRelative),
        Text.pValue(comparison.adjustedPValue), comparison.cupedText, comparison.verdict.words,
      ]
    }
    return Text.table(header + ["adjusted p", "with the past", "verdict"], rows)
  }

  /// The last days only: the whole series is in the JSON and the page.
  private var dayTable: String {
    let shown = days.suffix(14 * DayMoments.metrics.count * max(1, arms.count - 1))
    guard Set(days.map(\.day)).count > 1 else { return "" }
    let rows = shown.map { day in
      [
        "\(day.day) \(day.arm): \(shortTitle(day.metric))", Text.count(day.controlUnitCount), Text.count(day.unitCount),
        day.relativeDifference.map(Text.change) ?? "–",
        day.relativeInterval.map { Text.interval($0, isRelative: true) } ?? "–",
      ]
    }
    return Text.table(["by day", "control \(unit.plural)", unit.plural, "change", "interval"], rows)
  }

  private func shortTitle(_ metric: Metric) -> String {
    metric == .revenuePerThousand ? "RPM" : metric.title(unit).replacing(" per ", with: "/")
  }
}

extension Comparison {
  /// CUPED's interval as shares of the control's value.
  fileprivate var cupedText: String {
    guard let adjusted, control != 0 else { return "–" }
    let interval = Interval(low: adjusted.fixedHorizon.low / control, high: adjusted.fixedHorizon.high / control)
    return Text.interval(interval, isRelative: true)
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
