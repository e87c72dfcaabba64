import Foundation

extension DiagnosisReport {
  /// The report as one HTML page without scripts or outside files: the story, what the machinery did, what was changed,
  /// revenue and its factors by hour against what was expected, and each cause with its place. All text is escaped.
  public var html: String {
    """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><title>Diagnosis \(windowStart) to \(windowEnd)</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <style>\(Self.style)</style></head><body>
    <h1>\(heading)</h1>
    <p class="\(anomaly ? "alarm" : "calm")">\(CurveChart.escaped(story))</p>
    \(circumstances.map(Self.section) ?? "")
    <p>In the plots: blue is what was, dashed what was expected from \(dayWords), shaded the window.</p>
    \(chart("Revenue by hour", hours.map(\.revenue), hours.map(\.forecast)).svg)
    <h2>What changed revenue</h2>
    <p>The parts add up to the change of \(Diagnosis.money(revenueChange)).</p>
    \(Self.bars(factors.map { ($0.factor.words, $0.contribution) }))
    <h2>Where</h2>
    \(causes.isEmpty ? "<p>No part of the traffic lost anything to speak of.</p>" : causeTable)
    \(causes.prefix(Self.drawnCauseCountMax).map(causeChart).joined(separator: "\n"))
    <h1>All traffic, factor by factor</h1>
    \(factorSeries.map { chart(Self.title($0.factor.words), $0.values, $0.expected).svg }.joined(separator: "\n"))
    </body></html>

    """
  }

  private static let drawnCauseCountMax = 3

  private var heading: String {
    guard anomaly, let first = causes.first else { return "Nothing is wrong" }
    return CurveChart.escaped(
      "Revenue drop: \(verdict.rawValue), \(first.kind.rawValue.replacing("_", with: " ")) in "
        + Diagnosis.placeWords(first.place))
  }

  private var dayWords: String {
    "the same hours of " + referenceDays.map { String($0.description.prefix(10)) }.joined(separator: ", ")
  }

  private static func section(_ circumstances: Circumstances) -> String {
    let checks = circumstances.checks.map { [$0.isGood ? "ok" : "not ok", $0.name, $0.words] }
    let changes = circumstances.changes.map { [$0.time, $0.kind.rawValue, $0.words] }
    let rest = circumstances.omittedChangeCount > 0 ? "<p>And \(circumstances.omittedChangeCount) more.</p>" : ""
    return """
      <h2>The machinery</h2>
      \(table(["", "check", "found"], checks))
      <h2>What was changed between \(circumstances.from) and \(circumstances.to)</h2>
      \(changes.isEmpty ? "<p>Nothing.</p>" : table(["time", "what", "change"], changes))\(rest)
      """
  }

  private var causeTable: String {
    Self.table(
      ["kind", "where", "factor", "change", "costs", "of the forecast", "standard errors", "since", "what to do"],
      causes.map { cause in
        [
          cause.kind.rawValue, Diagnosis.placeWords(cause.place), cause.factor.words,
          Diagnosis.percent(cause.relativeChange), Diagnosis.money(cause.loss),
          Diagnosis.percent(cause.shareOfForecast, signed: false), String(format: "%.1f", cause.standardErrors),
          cause.since.description, cause.kind.advice,
        ]
      })
  }

  private func causeChart(_ cause: Cause) -> String {
    chart(
      Self.title("\(cause.factor.words), \(Diagnosis.placeWords(cause.place))"), cause.series.values,
      cause.series.expected
    ).svg
  }

  private func chart(_ title: String, _ values: [Double?], _ expected: [Double?]) -> CurveChart {
    let first = hours.firstIndex(where: \.isInWindow) ?? 0
    return CurveChart(
      title, [Curve("actual", values), Curve("expected", expected, isExpectation: true)],
      labels: hours.map { "\($0.hour.description.suffix(2)) h" }, shaded: first..<hours.count)
  }

  private static func title(_ words: String) -> String { words.prefix(1).uppercased() + words.dropFirst() }

  /// Horizontal bars, losses to the left of the axis and gains to the right.
  private static func bars(_ rows: [(name: String, value: Double)]) -> String {
    let widest = max(rows.map(\.value.magnitude).max() ?? 0, .leastNormalMagnitude)
    let drawn = rows.enumerated().map { index, row in
      let (y, width) = (Double(index) * 26, 240 * row.value.magnitude / widest)
      let x = row.value < 0 ? 440 - width : 440
      return """
        <text x="0" y="\(number(y + 17))">\(CurveChart.escaped(row.name))</text>
        <rect fill="\(row.value < 0 ? "#c0392b" : "#27805a")" x="\(number(x))" y="\(number(y + 4))" \
        width="\(number(width))" height="18"/>
        <text x="700" y="\(number(y + 17))">\(Diagnosis.money(row.value))</text>
        """
    }
    return "<svg viewBox=\"0 0 800 \(rows.count * 26 + 4)\" role=\"img\" aria-label=\"change of revenue by factor\">"
      + drawn.joined(separator: "\n") + "</svg>"
  }

  private static func table(_ header: [String], _ rows: [[String]]) -> String {
    let head = header.map { "<th>\(CurveChart.escaped($0))</th>" }.joined()
    let body = rows.map { "<tr>\($0.map { "<td>\(CurveChart.escaped($0))</td>" }.joined())</tr>" }
    return "<table><tr>\(head)</tr>\(body.joined(separator: "\n"))</table>"
  }

  private static func number(_ value: Double) -> String { String(format: "%.1f", value) }

  private static let style = """
    body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
    table{border-collapse:collapse}th,td{border-bottom:1px solid #ddd;padding:.3rem .7rem;text-align:left;\
    vertical-align:top}
    .alarm{border-left:6px solid #c00;background:#fee;padding:.6rem 1rem}
    .calm{border-left:6px solid #2b8a3e;background:#f2f8f2;padding:.6rem 1rem}
    svg{width:100%;height:auto}svg text{fill:#444}
    """
}
