import Foundation

/// Numbers and tables for people.
enum Text {
  /// Four significant digits, with separators in large numbers; a dash for what is undefined.
  static func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    let digits = value == 0 ? 0 : max(0, 3 - Int(log10(abs(value)).rounded(.down)))
    return value.formatted(
      .number.precision(.fractionLength(min(digits, 8))).locale(Locale(identifier: "en_US_POSIX")).grouping(.automatic))
  }

  static func count(_ value: Int) -> String {
    value.formatted(.number.locale(Locale(identifier: "en_US")))
  }

  static func percent(_ share: Double?) -> String {
    guard let share, share.isFinite else { return "–" }
    return String(format: "%.2f %%", share * 100)
  }

  /// A relative change with its sign.
  static func change(_ share: Double) -> String {
    String(format: "%+.2f %%", share * 100)
  }

  static func correlation(_ value: Double) -> String {
    String(format: "%+.2f", value)
  }

  /// An interval of correlations.
  static func range(_ interval: Interval) -> String {
    "\(correlation(interval.low)) … \(correlation(interval.high))"
  }

  static func pValue(_ value: Double) -> String {
    value < 0.0001 ? "< 0.0001" : String(format: "%.4f", value)
  }

  /// A value of a metric in its unit.
  static func metric(_ metric: MetricDefinition, _ value: Double?) -> String {
    metric.unit == "%" ? percent(value) : number(value)
  }

  /// The relative change where it is defined, else the absolute one.
  static func interval(_ interval: Interval, isRelative: Bool) -> String {
    isRelative
      ? "\(change(interval.low)) … \(change(interval.high))" : "\(number(interval.low)) … \(number(interval.high))"
  }

  /// Rows under a header; the first column is left-aligned, the others right-aligned.
  static func table(_ header: [String], _ rows: [[String]]) -> String {
    let all = [header] + rows
    let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { row in
      let cells = row.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - row[column].count)
        return column == 0 ? row[column] + space : space + row[column]
      }
      return cells.joined(separator: "  ").trimmingSuffix(" ")
    }.joined(separator: "\n")
  }
}

extension String {
  fileprivate func trimmingSuffix(_ character: Character) -> String {
    var text = self
    while text.last == character { text.removeLast() }
    return text
  }
}
