import Foundation

extension ExperimentReport {
  /// The report as one HTML page without scripts or outside files: the notes, the arms, intervals of each metric, effects by
  /// day. All text is escaped.
  public var html: String {
    let notes = notes.map { "<li>\(Self.escaped($0))</li>" }.joined(separator: "\n")
    return """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><title>\(Self.escaped(heading))</title>
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <style>\(Self.style)</style></head><body>
      <h1>\(Self.escaped(heading))</h1>
      <ul class="\(sampleRatio?.isMismatch == true ? "alarm" : "notes")">
      \(notes)
      </ul>
      \(armSection)
      \(arms.dropFirst().map { comparisonSection($0.name) }.joined(separator: "\n"))
      </body></html>

      """
  }

  private var armSection: String {
    let titles = ["arm", "weight", unit.plural, "impressions", "clicks", "revenue"]
    let header = (titles + Metric.allCases.map { $0.title(unit) }).map { "<th>\(Self.escaped($0))</th>" }.joined()
    let rows = arms.map { arm in
      let sums = [Text.number(arm.weight), Text.count(arm.unitCount), Text.count(arm.impressionCount)]
      let cells = [arm.name] + sums + [Text.count(arm.clickCount), Text.number(arm.revenue)]
      let metrics = arm.metrics.map { estimate in
        let interval = estimate.interval.map { interval in
          "<br><small>\(Text.metric(estimate.metric, interval.low)) … \(Text.metric(estimate.metric, interval.high))</small>"
        }
        return "<td>\(Text.metric(estimate.metric, estimate.value))\(interval ?? "")</td>"
      }
      return "<tr>\(cells.map { "<td>\(Self.escaped($0))</td>" }.joined())\(metrics.joined())</tr>"
    }
    let split = sampleRatio.map { ratio in
      "<p>Split of the \(unit.plural): \(ratio.isMismatch ? "mismatch" : "as planned") "
        + "(χ² test, p = \(Self.escaped(Text.pValue(ratio.pValue)))).</p>"
    }
    return "<h2>Arms</h2><table><tr>\(header)</tr>\(rows.joined())</table>\(split ?? "")"
  }

  private func comparisonSection(_ arm: String) -> String {
    let own = comparisons.filter { $0.arm == arm }
    guard !own.isEmpty else { return "" }
    let rows = own.compactMap { comparison in
      comparison.relative.map { effect in
        IntervalChart.Row(
          label: comparison.metric.title(unit), value: effect.difference, inner: effect.fixedHorizon,
          outer: effect.alwaysValid,
          remark: "\(Text.change(effect.difference)), \(comparison.verdict.words)")
      }
    }
    let percent = Int((confidence * 100).rounded())
    let charts = DayMoments.metrics.map { metric in
      let shown = days.filter { $0.arm == arm && $0.metric == metric }
      let rows = shown.compactMap { day -> IntervalChart.Row? in
        guard let difference = day.relativeDifference, let interval = day.relativeInterval else { return nil }
        let remark = "\(Text.change(difference)), \(Text.count(day.controlUnitCount + day.unitCount)) \(unit.plural)"
        return IntervalChart.Row(label: day.day, value: difference, inner: interval, outer: nil, remark: remark)
      }
      return rows.count < 2
        ? "" : "<h3>By day: \(Self.escaped(metric.title(unit)))</h3>\(IntervalChart(rows: rows).svg)"
    }
    return """
      <h2>\(Self.escaped(arm)) against \(Self.escaped(arms[0].name))</h2>
      <p>Relative change. Thick: \(percent) % interval if read once, at a time fixed beforehand. Thin: \(percent) % interval \
      that holds at any time.</p>
      \(IntervalChart(rows: rows).svg)
      \(charts.joined())
      """
  }

  private static let style = """
    body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
    table{border-collapse:collapse}th,td{border-bottom:1px solid #ddd;padding:.3rem .7rem;text-align:right}
    th:first-child,td:first-child{text-align:left}small{color:#666}.alarm{border-left:6px solid #c00;background:#fee}
    ul{padding:.6rem 2rem}.notes{border-left:6px solid #888;background:#f4f4f4}svg{width:100%;height:auto}
    """

  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
