import Foundation

extension SimulationReport {
  /// A self-contained page with the run's curves.
  public var html: String {
    let regret = Curve("regret a page view", hours.map(\.comparison.regret))
    let values = [
      Curve("this server", hours.map { $0.comparison.valuePerRequest(\.own) }),
      Curve("reachable with the features", hours.map { $0.comparison.valuePerRequest(\.reachable) }),
      Curve("best", hours.map { $0.comparison.valuePerRequest(\.best) }),
      Curve("random", hours.map { $0.comparison.valuePerRequest(\.random) }),
    ]
    let charts = [
      CurveChart("Regret: value a page view lost against the best ads", [regret]),
      CurveChart("Value a page view: Σ bid × true click probability", values),
      CurveChart("Revenue of 1000 page views", [Curve("revenue", hours.map(\.revenuePerMille))]),
      CurveChart("CTR", [Curve("CTR", hours.map(\.ctr))]),
      CurveChart("Predicted over true clicks", [Curve("calibration", hours.map(\.calibration))]),
      CurveChart("Page views an hour", [Curve("page views", hours.map { Double($0.requests) })]),
    ]
    return """
      <!doctype html>
      <meta charset="utf-8"><title>AdLoop simulation</title>
      <style>body{font:15px system-ui;max-width:860px;margin:2em auto;color:#223}svg{width:100%}</style>
      <h1>A simulated world</h1>
      <p>\(start) to \(end): \(total.requests) page views, \(total.clicks) clicks. The hours are those since the beginning.</p>
      \(charts.map(\.svg).joined(separator: "\n"))

      """
  }
}

extension TrafficCounts.Comparison {
  /// Mean value of a choice; `nil` without samples.
  func valuePerRequest(_ choice: KeyPath<Self, Oracle.Worth>) -> Double? {
    ratio(self[keyPath: choice].value, Double(requests))
  }

  /// Value of the answers over that of the best choice by the schema's fields.
  public var valueOverReachable: Double? { ratio(own.value, reachable.value) }
}

/// One line of a chart, a value an hour; `nil` leaves a gap.
struct Curve {
  let name: String
  let values: [Double?]

  init(_ name: String, _ values: [Double?]) {
    self.name = name
    self.values = values
  }
}

/// Curves over the hours of a run, as SVG.
struct CurveChart {
  private let title: String
  private let curves: [Curve]

  private static let colors = ["#1766c2", "#d1631b", "#2b8a3e", "#888"]
  private static let (width, height, left, top) = (800.0, 220.0, 60.0, 30.0)

  init(_ title: String, _ curves: [Curve]) {
    self.title = title
    self.curves = curves
  }

  var svg: String {
    let top = curves.flatMap(\.values).compactMap { $0 }.max() ?? 0
    let highest = top > 0 ? top * 1.05 : 1
    let count = curves.map(\.values.count).max() ?? 0
    var parts = ["<h2>\(title)</h2>", "<svg viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height + Self.top + 25))\">"]
    for step in 0...4 {
      let value = highest * Double(step) / 4
      let y = Self.y(value, highest)
      parts.append("<line x1=\"\(Self.left)\" x2=\"\(Self.width)\" y1=\"\(y)\" y2=\"\(y)\" stroke=\"#ddd\"/>")
      parts.append("<text x=\"0\" y=\"\(y + 4)\" font-size=\"11\">\(Self.text(value))</text>")
    }
    for (index, curve) in curves.enumerated() {
      let color = Self.colors[index % Self.colors.count]
      parts.append(Self.line(curve, count: count, highest: highest, color: color))
      parts.append(
        "<text x=\"\(Self.left + 185 * Double(index))\" y=\"14\" font-size=\"12\" fill=\"\(color)\">\(curve.name)</text>"
      )
    }
    for hour in stride(from: 0, through: count, by: max(1, count / 12)) {
      let x = Self.x(hour, count)
      parts.append("<text x=\"\(x)\" y=\"\(Self.height + Self.top + 18)\" font-size=\"11\">\(hour) h</text>")
    }
    return (parts + ["</svg>"]).joined(separator: "\n")
  }

  private static func line(_ curve: Curve, count: Int, highest: Double, color: String) -> String {
    let runs = curve.values.indices.split { curve.values[$0] == nil }
    return runs.map { run in
      let points = run.map { "\(x($0, count)),\(y(curve.values[$0] ?? 0, highest))" }.joined(separator: " ")
      return "<polyline fill=\"none\" stroke=\"\(color)\" stroke-width=\"2\" points=\"\(points)\"/>"
    }.joined(separator: "\n")
  }

  private static func x(_ hour: Int, _ count: Int) -> Double {
    ((left + (width - left - 10) * Double(hour) / Double(max(1, count - 1))) * 10).rounded() / 10
  }

  private static func y(_ value: Double, _ highest: Double) -> Double {
    ((top + height * (1 - value / highest)) * 10).rounded() / 10
  }

  private static func text(_ value: Double) -> String {
    value >= 100 ? String(Int(value)) : String(format: "%.3g", value)
  }
}
