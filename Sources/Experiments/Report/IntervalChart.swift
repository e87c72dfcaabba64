import Foundation

/// Rows of intervals over one axis of relative changes, as an SVG picture.
struct IntervalChart {
  struct Row {
    let label: String
    let value: Double
    let inner: Interval
    let outer: Interval?
    let remark: String
  }

  let rows: [Row]

  private static let rowHeight = 26.0
  private static let left = 230.0
  private static let plotWidth = 440.0
  private static let width = 900.0

  /// Intervals wider than the axis are cut off at its ends.
  var svg: String {
    guard !rows.isEmpty else { return "" }
    let height = Self.rowHeight * Double(rows.count) + 30
    let bottom = height - 22
    let ticks = Axis.ticks(reach: reach).map { tick in
      let x = position(tick)
      let color = tick == 0 ? "#222" : "#ddd"
      return "<line x1=\"\(x)\" x2=\"\(x)\" y1=\"4\" y2=\"\(bottom)\" stroke=\"\(color)\"/>"
        + "<text x=\"\(x)\" y=\"\(height - 6)\" text-anchor=\"middle\" fill=\"#666\">\(Axis.text(tick))</text>"
    }
    return """
      <svg viewBox="0 0 \(Self.width) \(height)" font-size="13" role="img" aria-label="intervals of relative change">
      \(ticks.joined())
      \(rows.enumerated().map { drawing(of: $1, index: $0) }.joined(separator: "\n"))
      </svg>
      """
  }

  private func drawing(of row: Row, index: Int) -> String {
    let y = Self.rowHeight * (Double(index) + 0.5) + 4
    let color = row.inner.low > 0 || row.inner.high < 0 ? "#06c" : "#777"
    let outer = row.outer.map { line($0, y: y, width: 2, color: color) } ?? ""
    return "<text x=\"0\" y=\"\(y + 4)\">\(ExperimentReport.escaped(row.label))</text>" + outer
      + line(row.inner, y: y, width: 6, color: color)
      + "<circle cx=\"\(position(row.value))\" cy=\"\(y)\" r=\"4\" fill=\"#fff\" stroke=\"\(color)\"/>"
      + "<text x=\"\(Self.left + Self.plotWidth + 14)\" y=\"\(y + 4)\" fill=\"#444\">"
      + "\(ExperimentReport.escaped(row.remark))</text>"
  }

  private func line(_ interval: Interval, y: Double, width: Int, color: String) -> String {
    "<line x1=\"\(position(interval.low))\" x2=\"\(position(interval.high))\" y1=\"\(y)\" y2=\"\(y)\" "
      + "stroke=\"\(color)\" stroke-width=\"\(width)\"/>"
  }

  /// Half the axis: the widest interval, but at most three times the median one, so that one row can't hide the others.
  private var reach: Double {
    let widths = rows.map { row in
      let outer = row.outer ?? row.inner
      return max(abs(outer.low), abs(outer.high), 1e-6)
    }.sorted()
    return min(widths[widths.count - 1], 3 * widths[widths.count / 2]) * 1.05
  }

  private func position(_ value: Double) -> Double {
    let share = (min(max(value, -reach), reach) / reach + 1) / 2
    return ((Self.left + share * Self.plotWidth) * 10).rounded() / 10
  }
}
