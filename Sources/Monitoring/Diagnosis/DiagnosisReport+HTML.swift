import Foundation

extension DiagnosisReport {
  /// The report as one self-contained HTML page: story, revenue by hour, factors and causes, drawn as SVG.
  public var html: String {
    """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><title>Diagnosis \(windowStart) to \(windowEnd)</title>
    <style>
    body { font: 15px/1.5 system-ui, sans-serif; max-width: 860px; margin: 2em auto; padding: 0 1em; color: #222 }
    table { border-collapse: collapse } td, th { padding: 3px 12px 3px 0; text-align: left } svg { max-width: 100% }
    .loss { fill: #c0392b } .gain { fill: #27805a } .window { fill: #f6ecd9 } text { font-size: 12px; fill: #444 }
    </style></head><body>
    <h1>\(anomaly ? "Revenue drop: \(verdict.rawValue)" : "Nothing is wrong")</h1>
    <p>\(Self.escaped(story))</p>
    <h2>Revenue by hour</h2>
    <p>Solid: actual. Dashed: forecast. Shaded: the window.</p>
    \(hoursPlot)
    <h2>Factors</h2>
    \(Self.bars(factors.map { ($0.factor.words, $0.contribution) }))
    <h2>Causes</h2>
    \(causes.isEmpty ? "<p>None.</p>" : Self.bars(causes.map { (Diagnosis.placeWords($0.place), -$0.loss) }))
    <ol>\(causes.map { "<li>\(Self.escaped($0.words))</li>" }.joined())</ol>
    </body></html>

    """
  }

  private var hoursPlot: String {
    let top = max(hours.reduce(0) { max($0, $1.revenue, $1.forecast) }, .leastNormalMagnitude)
    let step = 780 / Double(max(1, hours.count))
    func points(_ value: (Hour) -> Double) -> String {
      hours.enumerated().map { index, hour in
        Self.pair(40 + (Double(index) + 0.5) * step, 200 - 180 * value(hour) / top)
      }.joined(separator: " ")
    }
    let first = Double(hours.firstIndex(where: \.isInWindow) ?? 0)
    let labels = hours.enumerated().map { index, hour in
      "<text x=\"\(Self.number(40 + Double(index) * step))\" y=\"218\">\(hour.hour.description.suffix(2))h</text>"
    }
    return """
      <svg viewBox="0 0 820 225" role="img" aria-label="revenue and forecast by hour">
      <rect class="window" x="\(Self.number(40 + first * step))" y="10" width="\(Self.number(780 - first * step))" height="190"/>
      <line x1="40" y1="200" x2="820" y2="200" stroke="#999"/><text x="0" y="24">\(Self.number(top))</text>
      <polyline points="\(points(\.forecast))" fill="none" stroke="#777" stroke-width="2" stroke-dasharray="6 4"/>
      <polyline points="\(points(\.revenue))" fill="none" stroke="#1f5fa8" stroke-width="2.5"/>
      \(labels.joined())</svg>
      """
  }

  /// Horizontal bars, losses to the left of the axis and gains to the right.
  private static func bars(_ rows: [(name: String, value: Double)]) -> String {
    let widest = max(rows.map(\.value.magnitude).max() ?? 0, .leastNormalMagnitude)
    let drawn = rows.enumerated().map { index, row in
      let (y, width) = (Double(index) * 26, 240 * row.value.magnitude / widest)
      let x = row.value < 0 ? 500 - width : 500
      return """
        <text x="0" y="\(number(y + 17))">\(escaped(row.name))</text>
        <rect class="\(row.value < 0 ? "loss" : "gain")" x="\(number(x))" y="\(number(y + 4))" width="\(number(width))" height="18"/>
        <text x="750" y="\(number(y + 17))">\(Diagnosis.money(row.value))</text>
        """
    }
    return "<svg viewBox=\"0 0 820 \(rows.count * 26 + 4)\">\(drawn.joined())</svg>"
  }

  private static func number(_ value: Double) -> String { String(format: "%.1f", value) }

  private static func pair(_ x: Double, _ y: Double) -> String { "\(number(x)),\(number(y))" }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
