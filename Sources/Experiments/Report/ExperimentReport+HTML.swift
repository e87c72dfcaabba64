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
    let titles = ["arm", "weight", unit.plural, "impressions", "clicks", "revenue"] + metrics.map(\.title)
    let rows = arms.map { arm in
      let sums = [Text.number(arm.weight), Text.count(arm.unitCount), Text.count(arm.impressionCount)]
      let cells = [arm.name] + sums + [Text.count(arm.clickCount), Text.number(arm.revenue)]
      let values = zip(metrics, arm.metrics).map { metric, estimate in
        let interval = estimate.interval.map { interval in
          "<br><small>\(Text.metric(metric, interval.low)) … \(Text.metric(metric, interval.high))</small>"
        }
        return "<td>\(Text.metric(metric, estimate.value))\(interval ?? "")</td>"
      }
      return "<tr>\(Self.cells(cells))\(values.joined())</tr>"
    }
    return "<h2>Arms</h2>" + Self.table(titles, rows) + splitSection
  }

  private var splitSection: String {
    guard let sampleRatio else { return "" }
    let bad = sampleRatio.days.filter(\.isMismatch).map(\.day).joined(separator: ", ")
    let judgement = sampleRatio.isMismatch ? "mismatch" : "as planned"
    return "<p>Split of the \(unit.plural): \(judgement) (χ² test read once, p = "
      + "\(Self.escaped(Text.pValue(sampleRatio.pValue))); at any time, p = "
      + "\(Self.escaped(Text.pValue(sampleRatio.sequentialPValue))); days amiss: \(bad.isEmpty ? "none" : bad)).</p>"
  }

  private func comparisonSection(_ arm: String) -> String {
    let own = comparisons.filter { $0.arm == arm }
    guard !own.isEmpty else { return "" }
    let rows = own.compactMap { comparison in
      comparison.relative.map { effect in
        IntervalChart.Row(
          label: title(comparison.metric), value: effect.difference, inner: effect.fixedHorizon,
          outer: effect.alwaysValid, remark: "\(Text.change(effect.difference)), \(comparison.verdict.words)")
      }
    }
    let percent = Int((confidence * 100).rounded())
    return """
      <h2>\(Self.escaped(arm)) against \(Self.escaped(arms[0].name))</h2>
      <p>Relative change. Thick or dark: \(percent) % interval if read once, at a time fixed beforehand. Thin or light: \
      \(percent) % interval that holds at any time.</p>
      \(IntervalChart(rows: rows).svg)
      \(longTermSection(arm))
      \(own.map { timeline(arm, $0.metric) }.joined())
      \(followedMetrics.map { dayChart(arm, $0) }.joined())
      \(segmentSection(arm))
      """
  }

  /// All days so far.
  private func timeline(_ arm: String, _ metric: String) -> String {
    let points = days.filter { $0.arm == arm && $0.metric == metric }.compactMap { day in
      day.soFarRelative.map {
        TimelineChart.Point(label: day.day, value: $0.difference, inner: $0.fixedHorizon, outer: $0.alwaysValid)
      }
    }
    guard points.count > 1 else { return "" }
    return "<h3>All days so far: \(Self.escaped(title(metric)))</h3>"
      + TimelineChart(title: title(metric), points: points).svg
  }

  /// Each day by itself.
  private func dayChart(_ arm: String, _ metric: String) -> String {
    let rows = days.filter { $0.arm == arm && $0.metric == metric }.compactMap { day -> IntervalChart.Row? in
      guard let difference = day.relativeDifference, let interval = day.relativeInterval else { return nil }
      let remark = "\(Text.change(difference)), \(Text.count(day.controlUnitCount + day.unitCount)) \(unit.plural)"
      return IntervalChart.Row(label: day.day, value: difference, inner: interval, outer: nil, remark: remark)
    }
    return rows.count < 2 ? "" : "<h3>By day: \(Self.escaped(title(metric)))</h3>\(IntervalChart(rows: rows).svg)"
  }

  private func longTermSection(_ arm: String) -> String {
    let own = longTerm.filter { $0.arm == arm }
    guard let first = own.first else { return "" }
    let design =
      first.design == .cohort
      ? "the last \(first.windowDayCount) days against each user's first"
      : "the days after the experiment, when all get the same"
    func text(_ change: LongTermEffect.Change) -> String {
      "\(Text.change(change.value)) (\(Text.interval(change.interval, isRelative: true)))"
    }
    let rows = own.map { effect in
      let cells = [title(effect.metric), text(effect.shortTerm), text(effect.learned), text(effect.year)]
      return "<tr>\(Self.cells(cells + [effect.verdict.words]))</tr>"
    }
    return "<h3>In the long run</h3><p>What users learn is measured by \(design).</p>"
      + Self.table(["metric", "at once", "learned", "over a year", "verdict"], rows)
  }

  private func segmentSection(_ arm: String) -> String {
    let rows = segments.flatMap { segment in
      segment.comparisons.filter { $0.arm == arm && followedMetrics.contains($0.metric) }.compactMap { comparison in
        comparison.relative.map { effect in
          IntervalChart.Row(
            label: "\(segment.value): \(title(comparison.metric))", value: effect.difference,
            inner: effect.fixedHorizon, outer: effect.alwaysValid,
            remark: "\(Text.change(effect.difference)), \(comparison.verdict.words)")
        }
      }
    }
    return rows.isEmpty ? "" : "<h3>Segments</h3>\(IntervalChart(rows: rows).svg)"
  }

  private static func cells(_ texts: [String]) -> String {
    texts.map { "<td>\(escaped($0))</td>" }.joined()
  }

  private static func table(_ titles: [String], _ rows: [String]) -> String {
    "<table><tr>\(titles.map { "<th>\(escaped($0))</th>" }.joined())</tr>\(rows.joined())</table>"
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
