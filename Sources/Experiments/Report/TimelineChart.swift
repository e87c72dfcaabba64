import Foundation

/// A relative change after each day with its two intervals, as an SVG picture: the inner band for one look, the outer for any.
struct TimelineChart {
  struct Point {
    let label: String
    let value: Double
    let inner: Interval
    let outer: Interval
  }

  let title: String
  let points: [Point]

  private static let width = 900.0
  private static let height = 220.0
  private static let left = 70.0
  private static let bottom = 190.0
  private static let top = 10.0

  var svg: String {
    guard points.count > 1 else { return "" }
    let title = ExperimentReport.escaped(title)
    return """
      <svg viewBox="0 0 \(Self.width) \(Self.height)" font-size="12" role="img" aria-label="\(title) over time">
      \(grid)
      <polygon points="\(band(\.outer))" fill="#06c" fill-opacity="0.12"/>
      <polygon points="\(band(\.inner))" fill="#06c" fill-opacity="0.25"/>
      <polyline points="\(points.indices.map { place($0, points[$0].value) }.joined(separator: " "))" fill="none" stroke="#06c" stroke-width="2"/>
      \(labels)
      </svg>
      """
  }

  private func band(_ interval: KeyPath<Point, Interval>) -> String {
    let upper = points.indices.map { place($0, points[$0][keyPath: interval].high) }
    let lower = points.indices.reversed().map { place($0, points[$0][keyPath: interval].low) }
    return (upper + lower).joined(separator: " ")
  }

  private var grid: String {
    Axis.ticks(reach: reach).map { tick in
      let y = height(tick)
      return
        "<line x1=\"\(Self.left)\" x2=\"\(Self.width)\" y1=\"\(y)\" y2=\"\(y)\" stroke=\"\(tick == 0 ? "#222" : "#ddd")\"/>"
        + "<text x=\"\(Self.left - 6)\" y=\"\(y + 4)\" text-anchor=\"end\" fill=\"#666\">\(Axis.text(tick))</text>"
    }.joined()
  }

  /// At most about eight dates.
  private var labels: String {
    let step = max(1, (points.count + 7) / 8)
    return stride(from: 0, to: points.count, by: step).map { index in
      "<text x=\"\(across(index))\" y=\"\(Self.height - 8)\" text-anchor=\"middle\" fill=\"#666\">"
        + "\(ExperimentReport.escaped(String(points[index].label.suffix(5))))</text>"
    }.joined()
  }

  /// Half the axis: three times the last inner band, so that the first days' can't hide the others; what is wider is cut.
  private var reach: Double {
    let last = points[points.count - 1]
    let all = points.map { max(abs($0.outer.low), abs($0.outer.high)) }.max() ?? 1
    return max(1e-6, min(all, 3 * max(abs(last.outer.low), abs(last.outer.high)))) * 1.05
  }

  private func place(_ index: Int, _ value: Double) -> String { "\(across(index)),\(height(value))" }

  private func across(_ index: Int) -> Double {
    let share = Double(index) / Double(points.count - 1)
    return ((Self.left + 20 + share * (Self.width - Self.left - 50)) * 10).rounded() / 10
  }

  private func height(_ value: Double) -> Double {
    let share = (1 - min(max(value, -reach), reach) / reach) / 2
    return ((Self.top + share * (Self.bottom - Self.top)) * 10).rounded() / 10
  }
}
