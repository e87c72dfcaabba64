import Foundation

/// Curves over equal steps of time, as SVG. All text is escaped.
public struct CurveChart: Sendable {
  private let title: String
  private let curves: [Curve]
  private let labels: [String]
  private let shaded: Range<Int>?

  private static let colors = ["#1766c2", "#d1631b", "#2b8a3e", "#888"]
  private static let expectationColor = "#777"
  private static let (width, height, left, top) = (800.0, 220.0, 60.0, 30.0)
  private static let labelCountMax = 12

  /// - parameter labels: of the steps; not all are drawn when there are many. Without them, hours since the beginning.
  /// - parameter shaded: steps with a coloured ground.
  public init(_ title: String, _ curves: [Curve], labels: [String]? = nil, shaded: Range<Int>? = nil) {
    self.title = title
    self.curves = curves
    self.labels = labels ?? (0..<(curves.map(\.values.count).max() ?? 0)).map { "\($0) h" }
    self.shaded = shaded
  }

  public var svg: String {
    let top = curves.flatMap(\.values).compactMap { $0 }.max() ?? 0
    let highest = top > 0 ? top * 1.05 : 1
    let count = curves.map(\.values.count).max() ?? 0
    var parts = ["<h2>\(Self.escaped(title))</h2>"]
    parts.append(
      "<svg viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height + Self.top + 25))\" role=\"img\" "
        + "aria-label=\"\(Self.escaped(title))\">")
    if let shaded { parts.append(ground(shaded, count: count)) }
    for step in 0...4 {
      let value = highest * Double(step) / 4
      let y = Self.y(value, highest)
      parts.append("<line x1=\"\(Self.left)\" x2=\"\(Self.width)\" y1=\"\(y)\" y2=\"\(y)\" stroke=\"#ddd\"/>")
      parts.append("<text x=\"0\" y=\"\(y + 4)\" font-size=\"11\">\(Self.text(value))</text>")
    }
    for (index, curve) in curves.enumerated() {
      let color = curve.isExpectation ? Self.expectationColor : Self.colors[index % Self.colors.count]
      parts.append(Self.line(curve, count: count, highest: highest, color: color))
      parts.append(
        "<text x=\"\(Self.left + 185 * Double(index))\" y=\"14\" font-size=\"12\" fill=\"\(color)\">"
          + "\(Self.escaped(curve.name))</text>")
    }
    for step in stride(from: 0, to: labels.count, by: max(1, (labels.count - 1) / Self.labelCountMax + 1)) {
      let x = Self.x(Double(step), count)
      parts.append(
        "<text x=\"\(x)\" y=\"\(Self.height + Self.top + 18)\" font-size=\"11\" text-anchor=\"middle\">"
          + "\(Self.escaped(labels[step]))</text>")
    }
    return (parts + ["</svg>"]).joined(separator: "\n")
  }

  /// The ground of the steps from half a step before the first to half a step after the last.
  private func ground(_ steps: Range<Int>, count: Int) -> String {
    let from = max(Self.x(Double(steps.lowerBound) - 0.5, count), Self.left)
    let to = min(Self.x(Double(steps.upperBound) - 0.5, count), Self.width)
    return "<rect x=\"\(from)\" y=\"\(Self.top)\" width=\"\(to - from)\" height=\"\(Self.height)\" fill=\"#f6ecd9\"/>"
  }

  /// A value with neighbours missing is a dot.
  private static func line(_ curve: Curve, count: Int, highest: Double, color: String) -> String {
    let runs = curve.values.indices.split { curve.values[$0] == nil }
    return runs.map { run in
      let points = run.map { (x: x(Double($0), count), y: y(curve.values[$0] ?? 0, highest)) }
      guard points.count > 1 else {
        return points.map { "<circle cx=\"\($0.x)\" cy=\"\($0.y)\" r=\"3\" fill=\"\(color)\"/>" }.joined()
      }
      let dashes = curve.isExpectation ? " stroke-dasharray=\"6 4\"" : ""
      return "<polyline fill=\"none\" stroke=\"\(color)\" stroke-width=\"2\"\(dashes) points=\""
        + points.map { "\($0.x),\($0.y)" }.joined(separator: " ") + "\"/>"
    }.joined(separator: "\n")
  }

  private static func x(_ step: Double, _ count: Int) -> Double {
    ((left + (width - left - 10) * step / Double(max(1, count - 1))) * 10).rounded() / 10
  }

  private static func y(_ value: Double, _ highest: Double) -> Double {
    ((top + height * (1 - value / highest)) * 10).rounded() / 10
  }

  private static func text(_ value: Double) -> String {
    value >= 100 ? String(Int(value)) : String(format: "%.3g", value)
  }

  /// `text` as it stands in HTML.
  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
