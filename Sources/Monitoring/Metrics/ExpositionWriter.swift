/// Writes families and samples in one of the two text formats.
struct ExpositionWriter {
  let format: Exposition.Format
  private(set) var bytes: [UInt8] = []

  init(format: Exposition.Format) { self.format = format }

  /// HELP, TYPE and, in OpenMetrics, UNIT of a family, then its series by ascending labels.
  mutating func write(_ family: MetricFamily) {
    let isCounter = family.kind == .counter
    let title = format == .text && isCounter ? family.name + "_total" : family.name
    line("# HELP \(title) \(LabelSet.escaped(family.help, quotes: format == .openMetrics))")
    line("# TYPE \(title) \(family.kind.rawValue)")
    if format == .openMetrics, let unit = family.unit, family.name.hasSuffix("_\(unit.rawValue)") {
      line("# UNIT \(title) \(unit.rawValue)")
    }
    for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
      series.write(to: &self, name: family.name, labels: labels)
    }
  }

  /// One line: `name suffix {labels,le="bound"} value`.
  mutating func sample(
    _ name: String, suffix: String = "", labels: String, bound: Double? = nil, value: String
  ) {
    append(name)
    append(suffix)
    if !labels.isEmpty || bound != nil {
      append("{")
      append(labels)
      if let bound {
        append(labels.isEmpty ? "le=\"" : ",le=\"")
        append(Self.canonical(bound))
        append("\"")
      }
      append("}")
    }
    append(" ")
    line(value)
  }

  /// Ends the exposition; OpenMetrics wants to see that nothing was cut off.
  mutating func end() {
    if format == .openMetrics { line("# EOF") }
  }

  /// The shortest text that reads back as `value`; whole numbers without a fraction.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : value.description
  }

  /// A bucket bound as OpenMetrics' canonical number (`1.0`, `1e-05`, `2.5e+06`), in both formats, so that a series keeps
  /// its name whichever format a scraper asks for.
  static func canonical(_ bound: Double) -> String {
    let text = bound.isFinite ? bound.description : number(bound)
    guard bound.isFinite, abs(bound) >= 1e6, !text.contains("e") else { return text }
    let sign = bound < 0 ? "-" : ""
    let parts = text.drop { $0 == "-" }.split(separator: ".")
    let exponent = parts[0].count - 1
    var digits = parts[1] == "0" ? String(parts[0]) : parts.joined()
    while digits.last == "0" { digits.removeLast() }
    let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
    return "\(sign)\(digits.prefix(1))\(fraction)e+\(exponent < 10 ? "0" : "")\(exponent)"
  }

  private mutating func line(_ text: String) {
    append(text)
    append("\n")
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
}
