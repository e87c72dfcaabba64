import Foundation

extension Evaluation {
  /// The evaluation as one HTML page without scripts or outside files: measures, reliability as a plot beside its table,
  /// slices, and the comparison. All text is escaped.
  ///
  /// - parameter model: id of the first model; `other` of the second.
  /// - parameter subject: what was scored, a sentence.
  public func html(model: String, other: String?, subject: String) -> String {
    """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><title>\(Self.escaped("Evaluation of \(model)"))</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <style>\(Self.style)</style></head><body>
    <h1>\(Self.escaped("Evaluation of \(model)"))</h1>
    <p>\(Self.escaped(subject))</p>
    \(measures(model: model, other: other))
    \(verdict(other: other))
    <h2>Reliability</h2>
    <p>Each point is a tenth of the examples: what was predicted against the click rate, with its 95 % interval. On the \
    line the predictions are right.</p>
    <div class="beside">\(reliabilityPlot)\(reliabilityTable)</div>
    \(slices.isEmpty ? "" : "<h2>Slices</h2>")
    \(sliceFields.map(sliceSection).joined(separator: "\n"))
    </body></html>

    """
  }

  private func measures(model: String, other: String?) -> String {
    var header = ["measure", model, "95 % interval"]
    if let other { header.append(other) }
    let interval = [
      "log loss": intervals.logLoss, "normalized entropy": intervals.normalizedEntropy,
      "calibration ratio": intervals.calibrationRatio,
    ]
    return Self.table(
      header,
      EvaluationReport.measures.map { name, value in
        var cells = [name, Self.text(value(report)), Self.text(interval[name] ?? nil)]
        if let comparison { cells.append(Self.text(value(comparison.report))) }
        return cells
      })
  }

  private func verdict(other: String?) -> String {
    guard let comparison, let other else { return "" }
    let words =
      (comparison.high ?? 0) < 0
      ? "surely better than" : (comparison.low ?? 0) > 0 ? "surely worse than" : "not surely different from"
    return "<p>Log loss differs by \(Self.text(comparison.logLossDifference)) "
      + "(95 % interval \(Self.text([comparison.low, comparison.high].compactMap(\.self)))), paired on the same examples: "
      + "\(words) \(Self.escaped(other)).</p>"
  }

  private var sliceFields: [String] {
    slices.reduce(into: []) { if !$0.contains($1.field) { $0.append($1.field) } }
  }

  private func sliceSection(_ field: String) -> String {
    let mine = slices.filter { $0.field == field }
    let rows = mine.map { slice in
      [
        slice.value, "\(slice.report.exampleCount)", Self.text(slice.report.baseRate), Self.text(slice.report.logLoss),
        Self.text(slice.report.normalizedEntropy), Self.text(slice.intervals.normalizedEntropy),
        Self.text(slice.report.rocAUC), Self.text(slice.report.calibrationRatio),
        Self.text(slice.intervals.calibrationRatio),
      ]
    }
    let header = ["value", "examples", "CTR", "log loss", "NE", "95 %", "AUC", "calibration", "95 %"]
    return "<h3>By \(Self.escaped(field))</h3><div class=\"beside\">\(Self.calibrationPlot(mine))"
      + Self.table(header, rows) + "</div>"
  }

  private var reliabilityTable: String {
    Self.table(
      ["examples", "predicted", "click rate", "95 %"],
      reliability.map {
        ["\($0.count)", Self.text($0.meanPrediction), Self.text($0.clickRate), Self.text([$0.low, $0.high])]
      })
  }

  /// Predicted against observed, on axes of equal length.
  private var reliabilityPlot: String {
    let top = max(reliability.reduce(0) { max($0, $1.meanPrediction, $1.high) }, .leastNormalMagnitude)
    func place(_ value: Double) -> Double { 300 * min(max(value / top, 0), 1) }
    let points = reliability.map { bin in
      let x = Self.number(50 + place(bin.meanPrediction))
      return "<line x1=\"\(x)\" x2=\"\(x)\" y1=\"\(Self.number(310 - place(bin.low)))\" "
        + "y2=\"\(Self.number(310 - place(bin.high)))\" stroke=\"#06c\"/>"
        + "<circle cx=\"\(x)\" cy=\"\(Self.number(310 - place(bin.clickRate)))\" r=\"4\" fill=\"#06c\"/>"
    }
    return """
      <svg viewBox="0 0 370 345" width="370" role="img" aria-label="predicted and observed click rates">
      <rect x="50" y="10" width="300" height="300" fill="none" stroke="#ccc"/>
      <line x1="50" y1="310" x2="350" y2="10" stroke="#999" stroke-dasharray="4 4"/>
      \(points.joined(separator: "\n"))
      <text x="200" y="338" text-anchor="middle">predicted, 0 to \(Self.text(top))</text>
      <text x="14" y="160" text-anchor="middle" transform="rotate(-90 14 160)">click rate</text>
      </svg>
      """
  }

  /// Calibration ratio of each slice with its interval, on a logarithmic axis around 1.
  private static func calibrationPlot(_ slices: [Slice]) -> String {
    let reach = 2.0
    func place(_ ratio: Double) -> Double {
      guard ratio > 0 else { return 110 }
      return 220 + 110 * min(max(log2(ratio) / log2(reach), -1), 1)
    }
    let rows = slices.enumerated().map { index, slice in
      let y = number(Double(index) * 22 + 16)
      let ends = slice.intervals.calibrationRatio.map { interval in
        "<line x1=\"\(number(place(interval[0])))\" x2=\"\(number(place(interval[1])))\" y1=\"\(y)\" y2=\"\(y)\" "
          + "stroke=\"#06c\" stroke-width=\"4\"/>"
      }
      let dot = slice.report.calibrationRatio.map { ratio in
        "<circle cx=\"\(number(place(ratio)))\" cy=\"\(y)\" r=\"4\" fill=\"#fff\" stroke=\"#06c\"/>"
      }
      return "<text x=\"0\" y=\"\(number(Double(index) * 22 + 20))\">\(escaped(String(slice.value.prefix(14))))</text>"
        + (ends ?? "") + (dot ?? "")
    }
    let height = Double(slices.count) * 22 + 30
    return """
      <svg viewBox="0 0 350 \(number(height))" width="350" role="img" aria-label="calibration by slice">
      <line x1="220" x2="220" y1="0" y2="\(number(height - 20))" stroke="#999"/>
      \(rows.joined(separator: "\n"))
      <text x="110" y="\(number(height - 4))" text-anchor="middle">½</text>
      <text x="220" y="\(number(height - 4))" text-anchor="middle">predicted / clicks</text>
      <text x="330" y="\(number(height - 4))" text-anchor="middle">2</text>
      </svg>
      """
  }

  private static func table(_ header: [String], _ rows: [[String]]) -> String {
    let head = header.map { "<th>\(escaped($0))</th>" }.joined()
    let body = rows.map { "<tr>\($0.map { "<td>\(escaped($0))</td>" }.joined())</tr>" }.joined(separator: "\n")
    return "<table><tr>\(head)</tr>\(body)</table>"
  }

  private static func text(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    return value == value.rounded() && abs(value) < 1e9 ? "\(Int(value))" : String(format: "%.5g", value)
  }

  private static func text(_ interval: [Double]?) -> String {
    guard let interval, interval.count == 2 else { return "–" }
    return "\(text(interval[0])) … \(text(interval[1]))"
  }

  private static func number(_ value: Double) -> String { String(format: "%.1f", value) }

  private static let style = """
    body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#222}
    table{border-collapse:collapse}th,td{border-bottom:1px solid #ddd;padding:.2rem .6rem;text-align:right}
    th:first-child,td:first-child{text-align:left}.beside{display:flex;gap:2rem;align-items:flex-start;flex-wrap:wrap}
    svg text{font-size:12px;fill:#444}
    """

  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
